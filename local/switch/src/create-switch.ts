import { randomUUID } from 'node:crypto';
import { createServer, type AddressInfo, type Server } from 'node:net';

import { apiText, heartbeatHeaders, type ApiContext } from './api-text.ts';
import { channelDressing } from './channel-dressing.ts';
import { systemClock, type SwitchClock } from './clock.ts';
import type { Headers, SwitchEvent } from './event.ts';
import { flood, type EventToFire } from './flood.ts';
import { Listener } from './listener.ts';
import { stamp, type Spelling } from './stamp.ts';
import { idleState, type SwitchState } from './state.ts';

/** How a switch is set up. */
export interface SwitchOptions {
  /** 0, the default, takes a free one. */
  readonly port?: number;
  readonly host?: string;
  readonly password?: string;
  readonly clock?: SwitchClock;
  /** What the switch answers when it is asked; nothing on it unless given. */
  readonly state?: SwitchState;
  /** Between two HEARTBEAT events, in the machine's ms; 0 for none but those that are asked for. */
  readonly heartbeatMs?: number;
  /** Events that may wait for one listener; a real switch keeps 100,000. */
  readonly eventQueueLength?: number;
  readonly spelling?: Spelling;
  /** Sends Hangup-Cause twice where a real switch may. */
  readonly hasDuplicateHeaders?: boolean;
}

const HEARTBEAT_MS = 20_000;
const EVENT_QUEUE_LENGTH = 100_000;
/** With a letter that is more than a byte: lengths are bytes. */
const HOSTNAME = 'fs-média-1';
const SHUT_DOWN = 'The system is being shut down.\n';

const pairsOf = (headers: EventToFire['headers']): Headers =>
  Array.isArray(headers) ? (headers as Headers) : Object.entries(headers as Readonly<Record<string, string>>);

/**
 * A switch as its event socket shows it (mod_event_socket's inbound mode): it listens on a port, fires the events that
 * it is told to, and answers commands from a state. Its faults are methods.
 */
export class Switch {
  readonly #options: Required<Omit<SwitchOptions, 'port' | 'heartbeatMs'>>;
  readonly #server: Server;
  readonly #listeners = new Set<Listener>();
  readonly #failures = new Map<string, string>();
  #coreUuid = randomUUID();
  #sequence = 0;
  #sessions = 0;
  #startedMs: number;
  #jobDelayMs = 0;
  #toLose = 0;
  #isRefusing = false;
  #heartbeat: NodeJS.Timeout | undefined;
  #waiters: (() => void)[] = [];

  constructor(options: SwitchOptions) {
    this.#options = {
      host: '127.0.0.1',
      password: 'ClueCon',
      clock: systemClock,
      state: idleState,
      eventQueueLength: EVENT_QUEUE_LENGTH,
      spelling: 'modern',
      hasDuplicateHeaders: true,
      ...options,
    };
    this.#startedMs = this.#options.clock.nowMs();
    this.#server = createServer((socket) => {
      const listener: Listener = new Listener(socket, {
        password: this.#options.password,
        isRefusing: this.#isRefusing,
        eventQueueLength: this.#options.eventQueueLength,
        api: (command, argument) => this.#answer(command, argument),
        job: (jobId, command, argument) => {
          this.#runJob(jobId, command, argument);
        },
        onCommand: () => {
          this.#notify();
        },
        onEnd: (ended) => {
          this.#listeners.delete(ended);
          this.#notify();
        },
      });
      this.#listeners.add(listener);
    });
    const heartbeatMs = options.heartbeatMs ?? HEARTBEAT_MS;
    if (heartbeatMs > 0) {
      this.#heartbeat = setInterval(() => {
        this.heartbeat();
      }, heartbeatMs).unref();
    }
  }

  /** Opens the port. @throws an error of the system when it is taken. */
  async listen(port: number): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, this.#options.host, () => {
        this.#server.off('error', reject);
        resolve();
      });
    });
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get coreUuid(): string {
    return this.#coreUuid;
  }

  /** Connections, those that have not authenticated included. */
  get listenerCount(): number {
    return this.#listeners.size;
  }

  /** Events that wait for the slowest listener. */
  get queuedEvents(): number {
    return Math.max(0, ...[...this.#listeners].map(({ outgoing }) => outgoing.queuedEvents));
  }

  /** Gives an event its number and sends it to whoever wants it; the answer can be sent again. */
  fire({ name, headers, body, atMs = this.#options.clock.nowMs() }: EventToFire): SwitchEvent {
    this.#sequence += 1;
    if (name === 'CHANNEL_CREATE') this.#sessions += 1;
    const own = pairsOf(headers);
    const { spelling, hasDuplicateHeaders } = this.#options;
    const stamped = stamp(name, atMs, this.#sequence, { coreUuid: this.#coreUuid, hostname: HOSTNAME, spelling });
    const event: SwitchEvent = {
      name,
      subclass: own.find(([key]) => key === 'Event-Subclass')?.[1],
      sequence: this.#sequence,
      headers: [...stamped, ...own, ...channelDressing(own, { hasDuplicateHeaders })],
      body,
    };
    this.#send(event);
    return event;
  }

  /** Sends an event once more, number and all. */
  fireAgain(event: SwitchEvent): void {
    this.#send(event);
  }

  /** Fires a HEARTBEAT out of turn. */
  heartbeat(): void {
    this.fire({ name: 'HEARTBEAT', headers: heartbeatHeaders(this.#context()) });
  }

  /** Resolves when a number of connections have asked for events. */
  async listened(count = 1): Promise<void> {
    while ([...this.#listeners].filter((listener) => listener.isListening).length < count) await this.#change();
  }

  /** Resolves when every connection of this moment is over. */
  async ended(): Promise<void> {
    const connected = [...this.#listeners];
    while (connected.some((listener) => this.#listeners.has(listener))) await this.#change();
  }

  /** Resolves when everything fired so far has left for every listener. */
  async drained(): Promise<void> {
    await Promise.all([...this.#listeners].map(({ outgoing }) => outgoing.drained()));
  }

  /** Fault: sends nothing for a while; events queue up. */
  stall(ms: number): void {
    for (const { outgoing } of this.#listeners) outgoing.stall(ms);
  }

  /** Fault: cuts the next event in the middle and pauses before the rest. */
  cutNextFrame(pauseMs: number): void {
    for (const { outgoing } of this.#listeners) outgoing.cutNextFrame(pauseMs);
  }

  /** Fault: sends bytes that are no frame. */
  garble(bytes: string | Buffer): void {
    for (const { outgoing } of this.#listeners) outgoing.reply(bytes);
  }

  /** Fault: resets every connection without a word. */
  drop(): void {
    for (const listener of this.#listeners) listener.destroy();
  }

  /** Fault: says that it shuts down and starts anew: another Core-UUID, numbers from 1. */
  restart(): void {
    for (const listener of this.#listeners) listener.end(SHUT_DOWN);
    this.#coreUuid = randomUUID();
    this.#sequence = 0;
    this.#sessions = 0;
    this.#startedMs = this.#options.clock.nowMs();
  }

  /** Fault: an access list that refuses every new connection, until it is told otherwise. */
  refuse(isRefusing = true): void {
    this.#isRefusing = isRefusing;
  }

  /** Fault: the next events get their numbers and reach nobody. */
  loseEvents(count: number): void {
    this.#toLose += count;
  }

  /** Fault: background jobs take this long; 0 ends it. The state is read at their end, as a slow query's would be. */
  delayJobs(ms: number): void {
    this.#jobDelayMs = ms;
  }

  /** Fault: a command answers an error until the switch is told otherwise; matched by its beginning. */
  failCommand(beginning: string, reply = '-ERR Database error!\n'): void {
    this.#failures.set(beginning, reply);
  }

  /** Ends a fault of `failCommand`. */
  mendCommand(beginning: string): void {
    this.#failures.delete(beginning);
  }

  /** Fires keys and ringing of calls that nobody else knows, so many a second; answers how many. */
  flood(perSecond: number, forMs: number): Promise<number> {
    return flood(this, perSecond, forMs);
  }

  async close(): Promise<void> {
    clearInterval(this.#heartbeat);
    for (const listener of this.#listeners) listener.destroy();
    await new Promise<void>((resolve) => {
      this.#server.close(() => {
        resolve();
      });
    });
  }

  #send(event: SwitchEvent): void {
    if (this.#toLose > 0) {
      this.#toLose -= 1;
      return;
    }
    for (const listener of this.#listeners) listener.offer(event);
  }

  #context(): ApiContext {
    return {
      state: this.#options.state,
      hostname: HOSTNAME,
      nowMs: this.#options.clock.nowMs(),
      startedMs: this.#startedMs,
      sessionsSinceStartup: this.#sessions,
    };
  }

  #answer(command: string, argument: string): string | undefined {
    const line = `${command} ${argument}`;
    for (const [beginning, reply] of this.#failures) if (line.startsWith(beginning)) return reply;
    return apiText(command, argument, this.#context());
  }

  #runJob(jobId: string, command: string, argument: string): void {
    const run = (): void => {
      const body = this.#answer(command, argument) ?? `-ERR ${command} Command not found!\n`;
      const headers: [string, string][] = [
        ['Job-UUID', jobId],
        ['Job-Owner-UUID', ''],
        ['Job-Command', command],
      ];
      if (argument !== '') headers.push(['Job-Command-Arg', argument]);
      this.fire({ name: 'BACKGROUND_JOB', headers, body });
    };
    if (this.#jobDelayMs > 0) setTimeout(run, this.#jobDelayMs).unref();
    else run();
  }

  #change(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiters.push(resolve);
    });
  }

  #notify(): void {
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const resolve of waiters) resolve();
  }
}

/** Starts a switch; it answers once its port is open. */
export async function createSwitch(options: SwitchOptions = {}): Promise<Switch> {
  const created = new Switch(options);
  await created.listen(options.port ?? 0);
  return created;
}
