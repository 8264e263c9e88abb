import {
  closeSync,
  fdatasync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  statSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { open } from 'node:fs/promises';
import path from 'node:path';

import type { StreamEntry } from '../ports/event-stream.ts';
import { SpillCursor, type SpillPosition } from './spill-cursor.ts';
import { encodeSpillRecord, readSpillRecord } from './spill-record.ts';

/** An entry of the log, and where the next one begins. */
export interface SpilledEntry {
  readonly entry: StreamEntry;
  readonly end: SpillPosition;
}

/** What a read found. */
export interface SpillPage {
  readonly entries: readonly SpilledEntry[];
  /** Bytes that could not be read as records, and were given up. */
  readonly lostBytes: number;
  readonly next: SpillPosition;
}

const SEGMENT_BYTES = 8_388_608;
const PAGE_BYTES = 1_048_576;
const SYNC_INTERVAL_MS = 100;
/** A disk that refuses is asked no oftener. */
const RETRY_INTERVAL_MS = 250;
const NAME = /^events-(\d{12})\.log$/;

interface Segment {
  readonly index: number;
  bytes: number;
}

/**
 * A queue of entries in files on the local disk: appended in order, read in order, deleted file by file once what is in
 * them was acknowledged. What was flushed survives a kill of the process, what was synced (within 100 ms) survives
 * the machine. A torn end of a file is given up and counted.
 */
export class SpillLog {
  private readonly folder: string;
  private readonly onError: (error: unknown) => void;
  private readonly cursor: SpillCursor;
  /** Oldest first; the last one is written to. */
  private readonly segments: Segment[];
  private descriptor: number | undefined;
  /** Records that the last file does not hold yet. */
  private pending: Buffer[] = [];
  private pendingBytes = 0;
  private syncTimer: NodeJS.Timeout | undefined;
  private isFailing = false;
  private retryMs = 0;

  constructor(folder: string, onError: (error: unknown) => void) {
    this.folder = folder;
    this.onError = onError;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    this.cursor = new SpillCursor(folder);
    const indexes = readdirSync(folder).flatMap((name) => NAME.exec(name)?.[1] ?? []);
    const { segment: first } = this.cursor.position;
    for (const index of indexes.map(Number).filter((one) => one < first)) unlinkSync(this.fileOf(index));
    this.segments = indexes
      .map(Number)
      .filter((index) => index >= first)
      .sort((a, b) => a - b)
      .map((index) => ({ index, bytes: statSync(this.fileOf(index)).size }));
    // Always a new file to write to: what a crash tore off the end of the last one stays its own affair.
    this.segments.push({ index: Math.max(first, (this.segments.at(-1)?.index ?? first - 1) + 1), bytes: 0 });
  }

  /** Where what was never acknowledged begins. */
  get start(): SpillPosition {
    const { segment, offset } = this.cursor.position;
    const first = this.segments[0];
    return first === undefined || first.index === segment ? { segment, offset } : { segment: first.index, offset: 0 };
  }

  /** Where the next record will begin. */
  get end(): SpillPosition {
    const last = this.last;
    return { segment: last.index, offset: last.bytes + this.pendingBytes };
  }

  /** Bytes that only this process holds, because the disk takes nothing. */
  get unwrittenBytes(): number {
    return this.pendingBytes;
  }

  /** Whether the disk refused the last write. */
  get isBroken(): boolean {
    return this.isFailing;
  }

  /** Bytes from a position to the end. */
  bytesFrom(position: SpillPosition): number {
    const whole = this.segments.reduce((sum, { index, bytes }) => (index < position.segment ? sum : sum + bytes), 0);
    return Math.max(0, whole + this.pendingBytes - position.offset);
  }

  /** Adds an entry; it is on the disk after the next {@link flush}. Returns where it ends, and its size. */
  append(entry: StreamEntry): { end: SpillPosition; bytes: number } {
    if (this.last.bytes + this.pendingBytes >= SEGMENT_BYTES) this.flush();
    if (this.last.bytes >= SEGMENT_BYTES) this.rotate();
    const record = encodeSpillRecord(entry);
    this.pending.push(record);
    this.pendingBytes += record.length;
    return { end: this.end, bytes: record.length };
  }

  /** Writes what was appended. A disk that refuses it is told of, and asked again the next time. */
  flush(): void {
    if (this.pendingBytes === 0 || (this.isFailing && Date.now() < this.retryMs)) return;
    const bytes =
      this.pending.length === 1 && this.pending[0] !== undefined ? this.pending[0] : Buffer.concat(this.pending);
    try {
      this.descriptor ??= openSync(this.fileOf(this.last.index), 'w', 0o600);
      let done = 0;
      // At a place, not at the end: a write that failed half-way is repeated over itself.
      while (done < bytes.length)
        done += writeSync(this.descriptor, bytes, done, bytes.length - done, this.last.bytes + done);
    } catch (error) {
      this.pending = [bytes];
      this.isFailing = true;
      this.retryMs = Date.now() + RETRY_INTERVAL_MS;
      this.onError(error);
      return;
    }
    this.isFailing = false;
    this.last.bytes += bytes.length;
    this.pending = [];
    this.pendingBytes = 0;
    this.syncTimer ??= setTimeout(() => {
      this.sync();
    }, SYNC_INTERVAL_MS);
  }

  /** Reads on from a position, about 1 MB at a time. */
  async read(from: SpillPosition): Promise<SpillPage> {
    this.flush();
    const segment = this.segments.find(({ index }) => index >= from.segment);
    if (segment === undefined) return { entries: [], lostBytes: 0, next: from };
    const offset = segment.index === from.segment ? from.offset : 0;
    const isLast = segment === this.last;
    const limit = segment.bytes;
    if (offset >= limit) {
      if (!isLast) return { entries: [], lostBytes: 0, next: { segment: segment.index + 1, offset: 0 } };
      return { entries: this.unwritten(offset - limit), lostBytes: 0, next: this.end };
    }
    const bytes = await this.bytesOf(segment.index, offset, Math.min(PAGE_BYTES, limit - offset));
    return this.pageOf(bytes, segment, offset, limit);
  }

  /** Everything before a position was taken elsewhere: files that hold nothing else go. */
  release(position: SpillPosition): void {
    try {
      this.cursor.move(position);
      for (let first = this.segments[0]; first !== undefined; first = this.segments[0]) {
        if (first === this.last || first.index >= position.segment) break;
        this.segments.shift();
        unlinkSync(this.fileOf(first.index));
      }
    } catch (error) {
      // What is not forgotten is sent again after a restart, and counts once all the same.
      this.onError(error);
    }
  }

  /** Writes and syncs what is there, and lets go of the files. */
  close(): void {
    this.flush();
    clearTimeout(this.syncTimer);
    if (this.descriptor !== undefined) {
      fsyncSync(this.descriptor);
      closeSync(this.descriptor);
    }
    this.cursor.close();
  }

  private get last(): Segment {
    const last = this.segments.at(-1);
    if (last === undefined) throw new Error('A spill log always has a file to write to.');
    return last;
  }

  private fileOf(index: number): string {
    return path.join(this.folder, `events-${String(index).padStart(12, '0')}.log`);
  }

  private rotate(): void {
    const outdated = this.descriptor;
    this.descriptor = undefined;
    this.segments.push({ index: this.last.index + 1, bytes: 0 });
    if (outdated === undefined) return;
    clearTimeout(this.syncTimer);
    this.syncTimer = undefined;
    fdatasync(outdated, (error) => {
      if (error !== null) this.onError(error);
      closeSync(outdated);
    });
  }

  private sync(): void {
    this.syncTimer = undefined;
    if (this.descriptor === undefined) return;
    fdatasync(this.descriptor, (error) => {
      if (error !== null && error.code !== 'EBADF') this.onError(error);
    });
  }

  private async bytesOf(index: number, offset: number, length: number): Promise<Buffer> {
    const file = await open(this.fileOf(index), 'r');
    try {
      const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(length), 0, length, offset);
      return buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  }

  private async pageOf(bytes: Buffer, segment: Segment, offset: number, limit: number): Promise<SpillPage> {
    const entries: SpilledEntry[] = [];
    let at = 0;
    for (;;) {
      const found = readSpillRecord(bytes, at);
      if (found.kind === 'entry') {
        at += found.bytes;
        entries.push({ entry: found.entry, end: { segment: segment.index, offset: offset + at } });
        continue;
      }
      const isWhole = found.kind === 'short' && offset + at + found.bytes <= limit && found.bytes > bytes.length - at;
      if ((at === bytes.length && at > 0) || (entries.length > 0 && isWhole)) break;
      if (isWhole) return this.pageOf(await this.bytesOf(segment.index, offset, found.bytes), segment, offset, limit);
      // Torn: nothing behind it in this file can be found again.
      if (segment === this.last) this.rotate();
      return { entries, lostBytes: limit - offset - at, next: { segment: segment.index + 1, offset: 0 } };
    }
    return { entries, lostBytes: 0, next: { segment: segment.index, offset: offset + at } };
  }

  /** Entries that the disk has not taken, from some byte of them on. */
  private unwritten(from: number): SpilledEntry[] {
    const bytes = Buffer.concat(this.pending);
    const entries: SpilledEntry[] = [];
    for (
      let at = from, found = readSpillRecord(bytes, at);
      found.kind === 'entry';
      found = readSpillRecord(bytes, at)
    ) {
      at += found.bytes;
      entries.push({ entry: found.entry, end: { segment: this.last.index, offset: this.last.bytes + at } });
    }
    return entries;
  }
}
