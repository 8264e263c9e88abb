import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import type { LiveFrame, MetricQueryRequest } from '@lumina/contracts';
import { FollowedReply } from '../../live/testing/followed-reply.ts';
import { openStream } from '../../live/testing/live-client.ts';
import type { OpenStream } from '../../live/testing/live-client.ts';
import type { TopicReply } from '../../live/watched-rows.ts';

const RETRY_MS = 50;
/** What a client may be answered while nobody is there to open a stream; it comes back. */
const TRY_AGAIN = new Set([502, 503]);

/** A board as a client keeps it: over all connections, one state. */
export class Board {
  readonly #token: string;
  readonly #request: MetricQueryRequest;
  readonly #held = new FollowedReply();
  readonly #ids = new Set<string>();
  #stream: OpenStream | undefined;
  #lastId: string | undefined;
  /** Every frame of every connection. */
  readonly frames: LiveFrame[] = [];

  constructor(token: string, request: MetricQueryRequest) {
    this.#token = token;
    this.#request = request;
  }

  get held(): TopicReply | undefined {
    return this.#held.reply;
  }

  /** Whether the connection ended as it should: with the end of the answer. */
  get isWhole(): boolean {
    return this.#stream?.response.complete === true;
  }

  /** Opens, or goes on after its last frame, asking until somebody answers. */
  async open(origin: string): Promise<void> {
    for (;;) {
      const stream = await this.#tryOpen(origin);
      if (stream !== undefined) {
        this.#stream = stream;
        return;
      }
      await delay(RETRY_MS);
    }
  }

  async #tryOpen(origin: string): Promise<OpenStream | undefined> {
    const headers: Record<string, string> = this.#lastId === undefined ? {} : { 'Last-Event-ID': this.#lastId };
    let stream: OpenStream;
    try {
      stream = await openStream(origin, { token: this.#token, body: this.#request, headers });
    } catch (error) {
      assert.match(String(error), /ECONNREFUSED|ECONNRESET/);
      return undefined;
    }
    const { statusCode = 0 } = stream.response;
    if (statusCode === 200) return stream;
    assert.ok(TRY_AGAIN.has(statusCode), String(statusCode));
    stream.leave();
    return undefined;
  }

  /** Takes frames until what is held, or the frame that came, is as wanted. */
  async until(isEnough: (frame: LiveFrame, held: TopicReply | undefined) => boolean): Promise<LiveFrame> {
    assert.ok(this.#stream);
    for (;;) {
      const frame = await this.#stream.frames.next();
      this.#take(frame);
      if (isEnough(frame, this.held)) return frame;
    }
  }

  /** Takes what is left of a connection that ends. */
  async untilEnded(): Promise<void> {
    assert.ok(this.#stream);
    await this.#stream.frames.ended;
    try {
      for (;;) this.#take(await this.#stream.frames.next());
    } catch (error) {
      assert.match(String(error), /The connection ended/);
    }
  }

  leave(): void {
    this.#stream?.leave();
  }

  #take(frame: LiveFrame): void {
    this.frames.push(frame);
    // The distributor says goodbye by the id of the last frame it has passed on.
    if (frame.event !== 'bye') {
      assert.ok(!this.#ids.has(frame.id), `${frame.event} ${frame.id} came twice`);
      this.#ids.add(frame.id);
    }
    this.#lastId = frame.id;
    this.#held.take(frame);
  }
}
