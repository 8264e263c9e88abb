import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadBucketCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
  type BucketLocationConstraint,
  type ListObjectsV2CommandOutput,
} from '@aws-sdk/client-s3';
import { NodeHttpHandler } from '@smithy/node-http-handler';

import { decodeDeadLetter, encodeDeadLetter } from '../core/dead-letter-envelope.ts';
import type {
  ArchivedLetter,
  DeadLetter,
  DeadLetterArchive,
  DeadLetterKey,
  DeadLetterListing,
  DeadLetters,
  DeadLetterState,
} from '../ports/dead-letters.ts';
import { boundedParallel } from './bounded-parallel.ts';
import { letterAtPath, pathOfLetter, REPLAYED } from './dead-letter-path.ts';
import { waitJittered } from './full-jitter.ts';
import { isNamed } from './service-error.ts';

const PARALLEL_PUTS = 8;
const BACKOFF = { baseMs: 100, capMs: 5000 };
const CONNECT_TIMEOUT_MS = 3000;
const REQUEST_TIMEOUT_MS = 10_000;

/** Where dead letters are. */
export interface S3DeadLettersOptions {
  readonly bucket: string;
  /** Begin of every key; it ends with a slash, or is empty. */
  readonly prefix: string;
  readonly region: string;
  /** Any server that speaks S3, buckets in the path; absent = that of the region. */
  readonly endpoint?: string | undefined;
  readonly onRetry?: (error: unknown, attempt: number) => void;
}

/** The bucket may not even be looked at: no waiting mends that. */
class DeadLettersDeniedError extends Error {
  readonly code = 'dead_letters_denied';

  constructor(bucket: string, options: ErrorOptions) {
    const rights = 's3:ListBucket, s3:GetObject, s3:PutObject and s3:DeleteObject';
    super(`The bucket ${bucket} of dead letters is closed to this process: give it ${rights}.`, options);
    this.name = 'DeadLettersDeniedError';
  }
}

function isDenied(error: unknown): boolean {
  return error instanceof S3ServiceException && error.$metadata.httpStatusCode === 403;
}

function callOptions(signal: AbortSignal | undefined): { abortSignal?: AbortSignal } {
  return signal === undefined ? {} : { abortSignal: signal };
}

/** Dead letters as objects, one per record. Writing one twice is harmless. */
class S3DeadLetters implements DeadLetters, DeadLetterArchive {
  private readonly client: S3Client;
  private readonly bucket: string;
  private readonly prefix: string;
  private readonly region: string;
  private readonly onRetry: (error: unknown, attempt: number) => void;

  constructor({ bucket, prefix, region, endpoint, onRetry }: S3DeadLettersOptions) {
    this.client = new S3Client({
      region,
      requestHandler: new NodeHttpHandler({
        connectionTimeout: CONNECT_TIMEOUT_MS,
        requestTimeout: REQUEST_TIMEOUT_MS,
        throwOnRequestTimeout: true,
      }),
      // Servers other than Amazon's know buckets by the path, and few of them the newer checksums.
      ...(endpoint === undefined
        ? {}
        : { endpoint, forcePathStyle: true, requestChecksumCalculation: 'WHEN_REQUIRED' as const }),
    });
    this.bucket = bucket;
    this.prefix = prefix;
    this.region = region;
    this.onRetry = onRetry ?? ((): void => undefined);
  }

  close(): void {
    this.client.destroy();
  }

  async ensure(signal?: AbortSignal): Promise<void> {
    await this.untilDone(async () => {
      try {
        await this.client.send(new HeadBucketCommand({ Bucket: this.bucket }), callOptions(signal));
      } catch (error) {
        if (isDenied(error)) throw new DeadLettersDeniedError(this.bucket, { cause: error });
        if (!isNamed(error, 'NotFound', 'NoSuchBucket')) throw error;
        await this.create();
      }
    }, signal);
  }

  async put(letters: readonly DeadLetter[], signal?: AbortSignal): Promise<void> {
    const tasks = letters.map(
      (letter) => () => this.untilDone(() => this.write(letter, 'waiting', encodeDeadLetter(letter), signal), signal),
    );
    await boundedParallel(tasks, PARALLEL_PUTS);
  }

  async *list({ state, stream, shardId }: DeadLetterListing): AsyncGenerator<DeadLetterKey> {
    const root = `${this.prefix}${state === 'replayed' ? `${REPLAYED}/` : ''}`;
    const streams = stream === undefined ? await this.streamsUnder(root, state) : [stream];
    for (const ofStream of streams) {
      for await (const page of this.pages(`${root}${ofStream}/${shardId === undefined ? '' : `${shardId}/`}`)) {
        for (const { Key = '' } of page.Contents ?? []) {
          const key = letterAtPath(Key.slice(this.prefix.length), state);
          if (key !== undefined) yield key;
        }
      }
    }
  }

  async get(key: DeadLetterKey): Promise<ArchivedLetter | undefined> {
    for (const state of ['waiting', 'replayed'] as const) {
      try {
        const { Body } = await this.client.send(new GetObjectCommand(this.objectOf(key, state)));
        return decodeDeadLetter((await Body?.transformToString()) ?? '');
      } catch (error) {
        if (!isNamed(error, 'NoSuchKey', 'NotFound')) throw error;
      }
    }
    return undefined;
  }

  async markReplayed(key: DeadLetterKey, replayedMs: number): Promise<void> {
    const letter = await this.get(key);
    if (letter === undefined) return;
    await this.write(key, 'replayed', encodeDeadLetter(letter, replayedMs));
    await this.remove(key, 'waiting');
  }

  async remove(key: DeadLetterKey, state: DeadLetterState): Promise<void> {
    await this.client.send(new DeleteObjectCommand(this.objectOf(key, state)));
  }

  private objectOf(key: DeadLetterKey, state: DeadLetterState): { Bucket: string; Key: string } {
    return { Bucket: this.bucket, Key: `${this.prefix}${pathOfLetter(key, state)}` };
  }

  private async write(key: DeadLetterKey, state: DeadLetterState, text: string, signal?: AbortSignal): Promise<void> {
    const object = { ...this.objectOf(key, state), Body: text, ContentType: 'application/json' };
    await this.client.send(new PutObjectCommand(object), callOptions(signal));
  }

  /** Tries until it worked: a dead letter that is given up is an event that is lost. */
  private async untilDone(action: () => Promise<void>, signal: AbortSignal | undefined): Promise<void> {
    for (let attempt = 0; ; attempt += 1) {
      try {
        await action();
        return;
      } catch (error) {
        signal?.throwIfAborted();
        if (error instanceof DeadLettersDeniedError) throw error;
        this.onRetry(error, attempt);
        await waitJittered(attempt, BACKOFF, signal);
      }
    }
  }

  private async *pages(prefix: string, delimiter?: string): AsyncGenerator<ListObjectsV2CommandOutput> {
    let token: string | undefined;
    do {
      const page: ListObjectsV2CommandOutput = await this.client.send(
        new ListObjectsV2Command({
          Bucket: this.bucket,
          Prefix: prefix,
          ...(delimiter === undefined ? {} : { Delimiter: delimiter }),
          ...(token === undefined ? {} : { ContinuationToken: token }),
        }),
      );
      yield page;
      token = page.IsTruncated === true ? page.NextContinuationToken : undefined;
    } while (token !== undefined);
  }

  private async streamsUnder(root: string, state: DeadLetterState): Promise<string[]> {
    const names: string[] = [];
    for await (const page of this.pages(root, '/')) {
      for (const { Prefix = '' } of page.CommonPrefixes ?? []) names.push(Prefix.slice(root.length, -1));
    }
    return names.filter((name) => state === 'replayed' || name !== REPLAYED);
  }

  private async create(): Promise<void> {
    // The oldest region is the one that must not be named.
    const location = this.region === 'us-east-1' ? undefined : (this.region as BucketLocationConstraint);
    try {
      await this.client.send(
        new CreateBucketCommand({
          Bucket: this.bucket,
          ...(location === undefined ? {} : { CreateBucketConfiguration: { LocationConstraint: location } }),
        }),
      );
    } catch (error) {
      if (!isNamed(error, 'BucketAlreadyOwnedByYou', 'BucketAlreadyExists')) throw error;
    }
  }
}

/** Dead letters in a bucket: `<prefix><stream>/<shard>/<sequence>.json`. */
export function createS3DeadLetters(options: S3DeadLettersOptions): DeadLetters & DeadLetterArchive {
  return new S3DeadLetters(options);
}
