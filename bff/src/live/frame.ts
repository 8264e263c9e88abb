import { randomBytes } from 'node:crypto';
import type { LiveFrame } from '@lumina/contracts';

/** A frame of one topic or one stream; whose it is and its id are put in front for each viewer. */
export interface Frame {
  readonly event: LiveFrame['event'];
  /** Its place among all frames of the process. */
  readonly sequence: number;
  /** JSON of its fields after the common ones, with a leading comma: serialised once, whoever gets it. */
  readonly tail: string;
}

/** How frames are written: as events of an event stream, or as messages. */
export type Wire = 'sse' | 'message';

/** Makes a frame; `fields` must not be empty. */
export function frameOf(event: Frame['event'], sequence: number, fields: object): Frame {
  return { event, sequence, tail: tailOf(fields) };
}

/** The serialised fields of a frame, to be shared by several. */
export function tailOf(fields: object): string {
  return `,${JSON.stringify(fields).slice(1)}`;
}

/** Where a viewer was when the connection broke. */
export interface ResumePoint {
  readonly sequence: number;
  /** Which subscriptions the viewer had whole. */
  readonly mark: string;
}

/** Says in an id that the viewer did not have everything yet, so that nothing can be resumed from there. */
export const UNFINISHED = '0';
const EVENT_ID = /^([0-9a-f]{12})-(\d{1,15})-([0-9a-f]{1,16})$/;

/** Numbers the frames of a process: `<epoch>-<sequence>-<mark>`, the epoch new with each process. */
export class FrameNumbers {
  readonly #epoch = randomBytes(6).toString('hex');
  #last = 0;

  next(): number {
    this.#last += 1;
    return this.#last;
  }

  idOf(sequence: number, mark: string): string {
    return `${this.#epoch}-${String(sequence)}-${mark}`;
  }

  /** Undefined for what is no id of this process, or none that can be resumed from. */
  parse(id: string | undefined): ResumePoint | undefined {
    const match = EVENT_ID.exec(id ?? '');
    const mark = match?.[3] ?? UNFINISHED;
    const sequence = Number(match?.[2]);
    if (match?.[1] !== this.#epoch || mark === UNFINISHED || sequence > this.#last) return undefined;
    return { sequence, mark };
  }
}

/** Writes frames for viewers. Those who have the same subscriptions, as all viewers of a board do, share the bytes. */
export class FrameEncoder {
  #frame: Frame | undefined;
  #key = '';
  #bytes: Buffer = Buffer.alloc(0);

  encode(frame: Frame, id: string, request: string | undefined, wire: Wire): Buffer {
    const key = `${wire} ${id} ${request ?? ''}`;
    if (frame === this.#frame && key === this.#key) return this.#bytes;
    const owner = request === undefined ? '' : `,"request":${JSON.stringify(request)}`;
    const json = `{"event":"${frame.event}","id":"${id}"${owner}${frame.tail}`;
    this.#bytes = Buffer.from(wire === 'sse' ? `id: ${id}\nevent: ${frame.event}\ndata: ${json}\n\n` : json);
    this.#frame = frame;
    this.#key = key;
    return this.#bytes;
  }
}
