import { LIVE_HEARTBEAT_MS, LIVE_TICK_MS } from '@lumina/contracts';
import type { TimerManager } from '../managers.ts';

/** How long a stream may take until the service has answered. */
const OPEN_MS = 5000;
/** The same while the connection is being restored: a network that comes back must not wait for a lost attempt. */
const REOPEN_MS = 3000;
/** How long after the answer the first byte may take; more, and something on the way holds the stream back. */
const FIRST_BYTE_MS = 5000;
/** Ticks come every second; without them for so long the connection is dead. */
const SILENCE_MS = 5000;
/** Heartbeats come even where the answers are slow. */
const LONGEST_SILENCE_MS = LIVE_HEARTBEAT_MS + SILENCE_MS;

/** Ticks that follow each other faster than this are on time. */
const TICK_ON_TIME_MS = 2.5 * LIVE_TICK_MS;
/** So many ticks on time, and the service is quick again. */
const STEADY_TICKS = 30;

/** What was missed. */
export type Silence = 'no-answer' | 'no-byte' | 'no-frame';

/**
 * Gives up on streams that say nothing. Where answers are slow, ticks are too: after each loss by silence that was
 * followed by a good connection, the next silence may last twice as long, up to what heartbeats bound.
 */
export class Watchdog {
  readonly #timers: TimerManager;
  readonly #nowMs: () => number;
  readonly #onSilence: (silence: Silence) => void;
  #cancel: (() => void) | undefined;
  #silenceMs = SILENCE_MS;
  #hasFrames = false;
  #framedAtMs = 0;
  #ticksOnTime = 0;

  constructor(timers: TimerManager, nowMs: () => number, onSilence: (silence: Silence) => void) {
    this.#timers = timers;
    this.#nowMs = nowMs;
    this.#onSilence = onSilence;
  }

  /** A stream is being opened. */
  opening(isRestoring: boolean): void {
    this.#hasFrames = false;
    this.#wait(isRestoring ? REOPEN_MS : OPEN_MS, 'no-answer');
  }

  /** The service has answered. */
  opened(): void {
    this.#wait(FIRST_BYTE_MS, 'no-byte');
  }

  /** Something arrived. */
  heard(): void {
    this.#wait(this.#hasFrames ? this.#silenceMs : LONGEST_SILENCE_MS, 'no-frame');
  }

  /** A frame arrived. */
  framed(): void {
    const nowMs = this.#nowMs();
    const isOnTime = this.#hasFrames && nowMs - this.#framedAtMs <= TICK_ON_TIME_MS;
    this.#hasFrames = true;
    this.#framedAtMs = nowMs;
    this.#ticksOnTime = isOnTime ? this.#ticksOnTime + 1 : 0;
    if (this.#ticksOnTime >= STEADY_TICKS) this.#silenceMs = SILENCE_MS;
    this.heard();
  }

  /** The stream has gone. */
  rest(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #wait(limitMs: number, silence: Silence): void {
    this.#cancel?.();
    this.#cancel = this.#timers.after(limitMs, () => {
      if (silence === 'no-frame') this.#silenceMs = Math.min(this.#silenceMs * 2, LONGEST_SILENCE_MS);
      this.#onSilence(silence);
    });
  }
}
