import type { LiveFrame } from '@lumina/contracts';
import { LuminaError } from '../lumina-error.ts';
import type { TimerManager } from '../managers.ts';
import type { TransportLadder } from './ladder.ts';
import type { LiveStream, LiveEnd, LiveOpening, LiveTransport } from './transport.ts';
import { Watchdog } from './watchdog.ts';
import type { Silence } from './watchdog.ts';

/** What a link needs. */
export interface LiveLinkOptions {
  readonly ladder: TransportLadder;
  readonly timers: TimerManager;
  readonly localNowMs: () => number;
  /** Resolves when the service answers an ordinary request. */
  readonly probe: () => Promise<unknown>;
  readonly onFrames: (frames: readonly LiveFrame[]) => void;
  readonly onEnd: (end: LiveEnd) => void;
}

/** A transport that so often does not deliver, while the service answers otherwise, is blocked on the way. */
const MAX_STRIKES = 2;

/**
 * One stream at a time, watched: whatever becomes of it is told once, and silence is told apart from a transport that
 * does not get through.
 */
export class LiveLink {
  readonly #options: LiveLinkOptions;
  readonly #watchdog: Watchdog;
  #stream: LiveStream | undefined;
  #turn = 0;
  #strikes = 0;

  constructor(options: LiveLinkOptions) {
    this.#options = options;
    this.#watchdog = new Watchdog(options.timers, options.localNowMs, (silence) => {
      this.#onSilence(silence);
    });
  }

  /** Whether a stream is open or being opened. */
  get isUp(): boolean {
    return this.#stream !== undefined;
  }

  /** Opens a stream in place of the one there is. */
  open(transport: LiveTransport, opening: LiveOpening, isRestoring: boolean): void {
    this.drop();
    this.#watchdog.opening(isRestoring);
    this.#stream = transport.open(opening, {
      onOpen: () => {
        this.#watchdog.opened();
      },
      onActivity: () => {
        this.#watchdog.heard();
      },
      onFrames: (frames) => {
        this.#strikes = 0;
        this.#watchdog.framed();
        this.#options.onFrames(frames);
      },
      onEnd: (end) => {
        this.#end(end);
      },
    });
  }

  /** Closes it; nothing is told any more. */
  drop(): void {
    this.#turn += 1;
    this.#watchdog.rest();
    const stream = this.#stream;
    this.#stream = undefined;
    stream?.close();
  }

  #end(end: LiveEnd): void {
    this.drop();
    // Where too many connections of one user are open already, asking now and then still works.
    const isCrowded = end.error.status === 429 && this.#strike();
    const kind = isCrowded ? 'unusable' : end.kind;
    if (kind === 'unusable') this.#strikes = 0;
    this.#options.onEnd({ kind, error: end.error });
  }

  #onSilence(silence: Silence): void {
    this.drop();
    const error = new LuminaError({
      code: 'TIMEOUT',
      retryable: true,
      message: 'The live connection went silent.',
      suggestion: 'Wait a moment; the next try is automatic.',
    });
    if (silence === 'no-frame' || !this.#strike()) this.#options.onEnd({ kind: 'lost', error });
    else void this.#judge(error);
  }

  /** Counts a failure that may be the transport's; whether it was one too many. */
  #strike(): boolean {
    this.#strikes += 1;
    return this.#strikes >= (this.#options.ladder.isClimbing ? 1 : MAX_STRIKES);
  }

  /** Whether the network is away or only this transport does not get through. */
  async #judge(error: LuminaError): Promise<void> {
    const turn = this.#turn;
    let kind: LiveEnd['kind'] = 'unusable';
    try {
      await this.#options.probe();
    } catch {
      // Nothing gets through, so nothing is said about the transport.
      kind = 'lost';
    }
    if (turn === this.#turn) this.#end({ kind, error });
  }
}
