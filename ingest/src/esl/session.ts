import { randomUUID } from 'node:crypto';
import { connect, type Socket } from 'node:net';

import { EslError } from './esl-error.ts';
import { FrameParser, type EslFrame } from './frame-parser.ts';
import { headerOf, readEvent, type SwitchEvent } from './switch-event.ts';

/** Where a switch listens, and how long it may take. */
export interface SessionOptions {
  readonly host: string;
  readonly port: number;
  readonly password: string;
  /** Without an event for so long the switch is taken for gone; it sends a HEARTBEAT every 20 s. */
  readonly silenceLimitMs: number;
}

/** What a session tells while it lives. */
export interface SessionEvents {
  /** `order` counts the events of the session. */
  readonly onEvent: (event: SwitchEvent, order: number) => void;
  /** A frame that was whole and held nothing readable. */
  readonly onMalformed: () => void;
}

const LOGIN_LIMIT_MS = 10_000;
const COMMAND_LIMIT_MS = 10_000;
const WATCH_INTERVAL_MS = 1000;
const KEEP_ALIVE_MS = 15_000;

/** All that is forwarded, and what the session itself lives by. CUSTOM comes last: what follows it are subclasses. */
const SUBSCRIPTION =
  'event json CHANNEL_CREATE CHANNEL_ANSWER CHANNEL_HANGUP_COMPLETE CHANNEL_HOLD CHANNEL_UNHOLD DTMF ' +
  'BACKGROUND_JOB HEARTBEAT TRAP CUSTOM callcenter::info sofia::transferor';

interface Waiting<T> {
  readonly resolve: (value: T) => void;
  readonly reject: (error: Error) => void;
}

/** What a job answered, and where among the events the answer came. */
export interface JobAnswer {
  readonly event: SwitchEvent;
  readonly order: number;
}

/** One connection to a switch, from its first byte to its end. It never stops reading: a slow reader hurts the switch. */
export class EslSession {
  /** Rejects with the reason when the connection is over; it never resolves. */
  readonly closed: Promise<never>;
  private readonly socket: Socket;
  private readonly events: SessionEvents;
  private readonly parser = new FrameParser();
  private readonly replies: Waiting<EslFrame>[] = [];
  private readonly jobs = new Map<string, Waiting<JobAnswer>>();
  private readonly loginFrame: Promise<EslFrame>;
  private login: Waiting<EslFrame> | undefined;
  private close: (error: Error) => void = () => undefined;
  private end: Error | undefined;
  private heardMs = Date.now();
  private order = 0;

  private constructor(socket: Socket, events: SessionEvents) {
    this.socket = socket;
    this.events = events;
    this.closed = new Promise((_, reject) => {
      this.close = reject;
    });
    this.loginFrame = new Promise((resolve, reject) => {
      this.login = { resolve, reject };
    });
    // Whoever waits for them hears of it; a session that nobody waits for any more may end in silence.
    this.closed.catch(() => undefined);
    this.loginFrame.catch(() => undefined);
    socket.on('data', (chunk) => {
      this.read(chunk);
    });
    socket.on('error', (error) => {
      this.fail(new EslError('esl_closed', `The connection to the switch broke: ${error.message}`, { cause: error }));
    });
    socket.on('close', () => {
      this.fail(new EslError('esl_closed', 'The switch closed the connection.'));
    });
  }

  /** Connects, authenticates and subscribes. Rejects with {@link EslError}. */
  static async open(options: SessionOptions, events: SessionEvents, signal: AbortSignal): Promise<EslSession> {
    const socket = connect({ host: options.host, port: options.port, noDelay: true });
    socket.setKeepAlive(true, KEEP_ALIVE_MS);
    const session = new EslSession(socket, events);
    const abort = (): void => {
      session.destroy(new EslError('esl_closed', 'The forwarder stops.'));
    };
    signal.addEventListener('abort', abort, { once: true });
    const limit = setTimeout(() => {
      session.destroy(new EslError('esl_timeout', 'The switch did not let the forwarder in within 10 s.'));
    }, LOGIN_LIMIT_MS);
    try {
      signal.throwIfAborted();
      await session.logIn(options.password);
    } catch (error) {
      session.destroy(error instanceof Error ? error : new Error(String(error)));
      throw error;
    } finally {
      clearTimeout(limit);
      signal.removeEventListener('abort', abort);
    }
    session.watch(options.silenceLimitMs);
    return session;
  }

  /** Sends a command and waits for its reply; rejects when the switch refuses it. */
  async command(text: string): Promise<EslFrame> {
    const reply = await this.send(text);
    const answer = reply.headers.get('reply-text') ?? '';
    if (answer.startsWith('-')) {
      throw new EslError(
        'esl_command_failed',
        `The switch answered ${JSON.stringify(answer)} to ${text.split(' ')[0] ?? ''}.`,
      );
    }
    return reply;
  }

  /**
   * Runs an API command in the background: the switch answers with an event, which has a time of its own clock. `read`
   * sees the answer at its place among the events, before any later one is told.
   */
  async job<T>(command: string, limitMs: number, read: (answer: JobAnswer) => T): Promise<T> {
    const jobUuid = randomUUID();
    const answer = new Promise<T>((resolve, reject) => {
      const take = (given: JobAnswer): void => {
        try {
          resolve(read(given));
        } catch (error) {
          reject(error instanceof Error ? error : new Error(String(error)));
        }
      };
      this.jobs.set(jobUuid, { resolve: take, reject });
    });
    const waiting = this.jobs.get(jobUuid);
    const limit = setTimeout(() => {
      waiting?.reject(new EslError('esl_timeout', `The switch did not answer ${command}.`));
    }, limitMs);
    this.command(`bgapi ${command}\nJob-UUID: ${jobUuid}`).catch((error: unknown) => {
      waiting?.reject(error instanceof Error ? error : new Error(String(error)));
    });
    try {
      return await answer;
    } finally {
      clearTimeout(limit);
      this.jobs.delete(jobUuid);
    }
  }

  /** Ends the connection. */
  destroy(reason: Error): void {
    this.fail(reason);
  }

  private async logIn(password: string): Promise<void> {
    const first = await this.loginFrame;
    if (first.type === 'text/rude-rejection') {
      throw new EslError(
        'esl_rejected',
        'The access list of the switch refuses this address; add it to event_socket.conf.',
      );
    }
    if (first.type !== 'auth/request') throw new EslError('esl_garbage', 'What listens there is no event socket.');
    const reply = await this.send(`auth ${password}`);
    if (reply.headers.get('reply-text')?.startsWith('+OK') !== true) {
      throw new EslError('esl_auth_refused', 'The switch refuses ESL_PASSWORD; set that of its event_socket.conf.');
    }
    await this.command(SUBSCRIPTION);
  }

  private send(text: string): Promise<EslFrame> {
    if (this.end !== undefined) return Promise.reject(this.end);
    return new Promise((resolve, reject) => {
      const limit = setTimeout(() => {
        // Its reply may still come, behind all the events before it: the connection is busy, not broken.
        reject(new EslError('esl_timeout', 'The switch did not reply to a command within 10 s.'));
      }, COMMAND_LIMIT_MS);
      const settle =
        <T>(done: (value: T) => void) =>
        (value: T): void => {
          clearTimeout(limit);
          done(value);
        };
      this.replies.push({ resolve: settle(resolve), reject: settle(reject) });
      this.socket.write(`${text}\n\n`);
    });
  }

  private watch(silenceLimitMs: number): void {
    let isSuspect = false;
    const timer = setInterval(() => {
      const isSilent = Date.now() - this.heardMs > silenceLimitMs;
      // Twice, so that what came while this process itself stood still is read first.
      if (isSilent && isSuspect) {
        this.fail(new EslError('esl_silent', `The switch told nothing for ${String(silenceLimitMs)} ms.`));
      }
      isSuspect = isSilent;
    }, WATCH_INTERVAL_MS);
    // Not events.once, which rejects on the error that a broken connection tells first.
    this.socket.once('close', () => {
      clearInterval(timer);
    });
  }

  private read(chunk: Buffer): void {
    try {
      const frames = this.parser.push(chunk);
      // Half of a long frame is a sign of life; replies to commands alone are none: heartbeats must come too.
      if (frames.length === 0) this.heardMs = Date.now();
      for (const frame of frames) this.take(frame);
    } catch (error) {
      this.fail(error instanceof Error ? error : new Error(String(error)));
    }
  }

  private take(frame: EslFrame): void {
    switch (frame.type) {
      case 'text/event-json':
      case 'text/event-plain':
        this.takeEvent(readEvent(frame));
        return;
      case 'command/reply':
      case 'api/response':
        this.replies.shift()?.resolve(frame);
        return;
      case 'auth/request':
      case 'text/rude-rejection':
        this.login?.resolve(frame);
        return;
      case 'text/disconnect-notice':
        if (frame.headers.get('content-disposition') !== 'linger') {
          throw new EslError('esl_closed', 'The switch said that it disconnects.');
        }
        return;
      case 'log/data':
        return;
      default:
        throw new EslError('esl_garbage', 'The switch sent a frame of an unknown type; the connection is begun anew.');
    }
  }

  private takeEvent(event: SwitchEvent | undefined): void {
    this.heardMs = Date.now();
    if (event === undefined) {
      this.events.onMalformed();
      return;
    }
    this.order += 1;
    if (event['Event-Name'] === 'BACKGROUND_JOB') {
      this.jobs.get(headerOf(event, 'Job-UUID') ?? '')?.resolve({ event, order: this.order });
    }
    this.events.onEvent(event, this.order);
  }

  private fail(error: Error): void {
    if (this.end !== undefined) return;
    this.end = error;
    this.socket.destroy();
    this.close(error);
    this.login?.reject(error);
    for (const waiting of [...this.replies, ...this.jobs.values()]) waiting.reject(error);
    this.replies.length = 0;
  }
}
