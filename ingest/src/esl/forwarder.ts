import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Registry } from 'prom-client';
import type { Logger } from 'pino';

import { messageOf } from '../adapters/service-error.ts';
import type { EventStream } from '../ports/event-stream.ts';
import type { EslConfig } from './config.ts';
import { EslError } from './esl-error.ts';
import { Intake } from './intake.ts';
import { EslLink } from './link.ts';
import { createEslMetrics, type EslMetrics } from './metrics.ts';
import { Outbox } from './outbox.ts';
import { Sender } from './sender.ts';
import { SnapshotRounds } from './snapshot-rounds.ts';
import { SpillLog } from './spill-log.ts';
import { StateJournal } from './state-journal.ts';
import type { SwitchEvent } from './switch-event.ts';
import { SwitchModel } from './switch-model.ts';

/** A snapshot older than so many intervals makes its metrics unknown. */
const FRESH_INTERVALS = 3;
/** After an overflow the switch is listened to again when the outbox is this empty. */
const ROOM_AFTER_OVERFLOW = 0.5;
const ROOM_CHECK_MS = 250;
const FLUSH_LIMIT_MS = 10_000;
const FLUSH_CHECK_MS = 50;
const DISK_LOG_INTERVAL_MS = 10_000;

/** Forwards the events of one switch to the stream, with snapshots and states of its own making. */
export class Forwarder {
  readonly registry: Registry;
  private readonly config: EslConfig;
  private readonly stream: EventStream;
  private readonly logger: Logger;
  private readonly metrics: EslMetrics;
  private readonly log: SpillLog;
  private readonly journal: StateJournal;
  private readonly outbox: Outbox;
  private readonly sender: Sender;
  private readonly model: SwitchModel;
  private readonly rounds: SnapshotRounds;
  private readonly link: EslLink;
  private readonly listening = new AbortController();
  private readonly sampling = new AbortController();
  private readonly sending = new AbortController();
  private isOverflowing = false;
  private diskLogMs = 0;
  private runs: Promise<unknown> = Promise.resolve();

  /** Opens what is on disk; throws when the folder cannot be used. */
  constructor(config: EslConfig, stream: EventStream, logger: Logger) {
    this.config = config;
    this.stream = stream;
    this.logger = logger;
    const onDiskError = (error: unknown): void => {
      this.diskFailed(error);
    };
    this.log = new SpillLog(path.join(config.spillFolder, 'events'), onDiskError);
    this.journal = new StateJournal(config.spillFolder, onDiskError);
    this.outbox = new Outbox(this.log, config, {
      onShed: (kind) => {
        this.metrics.shed.inc({ class: kind });
        if (kind === 'vital') this.overflow();
      },
      onLost: (bytes) => {
        this.metrics.lostBytes.inc(bytes);
        this.logger.error({ bytes }, 'events in a spill file could not be read back');
      },
    });
    this.metrics = this.createMetrics();
    this.registry = this.metrics.registry;
    const intake = new Intake(this.outbox, this.metrics, config.regionId, config.tenantVariables);
    this.model = new SwitchModel({ config, journal: this.journal, intake, metrics: this.metrics });
    this.rounds = new SnapshotRounds(
      { config, model: this.model, journal: this.journal, intake },
      this.metrics,
      logger,
    );
    this.sender = this.createSender();
    this.link = this.createLink();
  }

  /** Whether the switch is heard, its snapshots are fresh, and there is room for what it says. */
  get isReady(): boolean {
    const limitMs = FRESH_INTERVALS * this.config.intervalMs;
    const isFresh = [...this.rounds.agesMs()].every(([, ageMs]) => ageMs <= limitMs);
    return this.link.isConnected && isFresh && !this.isOverflowing;
  }

  /** Listens and sends until stopped; rejects when it can do so no more. */
  run(): Promise<void> {
    this.runs = Promise.all([this.link.run(this.listening.signal), this.send(this.sending.signal)]);
    return this.runs.then(() => undefined);
  }

  /** Takes no more snapshots, sends what is there for at most 10 s while still listening, then ends. The rest stays on disk. */
  async stop(): Promise<void> {
    this.sampling.abort();
    const endMs = Date.now() + FLUSH_LIMIT_MS;
    while (!this.outbox.isEmpty && Date.now() < endMs) await delay(FLUSH_CHECK_MS);
    this.listening.abort();
    this.sending.abort();
    await this.runs;
    if (!this.outbox.isEmpty) {
      this.logger.warn({ bytes: this.outbox.bytes }, 'stopping with events unsent; the next start sends them');
    }
    this.log.close();
    this.journal.close();
  }

  private async send(signal: AbortSignal): Promise<void> {
    // What waits for a stream that is still being made waits in the outbox.
    await this.stream.ensure(signal).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
    await this.sender.run(signal);
  }

  private createMetrics(): EslMetrics {
    return createEslMetrics(randomUUID(), {
      isConnected: () => this.link.isConnected,
      isOverflowing: () => this.isOverflowing,
      memoryBytes: () => this.outbox.memoryBytes,
      spilledBytes: () => this.outbox.spilledBytes,
      waitingBytes: () => this.outbox.bytes,
      abandons: () => this.model.abandons.size,
      snapshotAgesMs: () => this.rounds.agesMs(),
    });
  }

  private createSender(): Sender {
    const events = {
      onSent: (count: number): void => {
        this.metrics.sent.inc(count);
      },
      onRetry: (): void => {
        this.metrics.streamRetries.inc();
      },
      onRefused: (): void => {
        this.metrics.streamRefusals.inc();
      },
    };
    return new Sender(this.outbox, this.stream, events, this.logger);
  }

  private createLink(): EslLink {
    const { config, metrics, logger } = this;
    const options = {
      host: config.eslHost,
      port: config.eslPort,
      password: config.password,
      silenceLimitMs: config.silenceLimitMs,
    };
    return new EslLink(
      options,
      {
        beforeConnect: (signal) => this.waitForRoom(signal),
        onConnected: () => {
          metrics.connects.inc();
          logger.info({ host: config.eslHost, port: config.eslPort }, 'connected to the switch');
        },
        onDisconnected: (code) => {
          metrics.disconnects.inc({ code });
        },
        onEvent: (event, order) => {
          if (!this.isOverflowing) this.take(event, order);
        },
        onMalformed: () => {
          metrics.malformed.inc();
        },
        live: async (session, signal) => {
          const both = AbortSignal.any([signal, this.sampling.signal]);
          await this.rounds.run(session, both).catch((error: unknown) => {
            // Ended on purpose, with the connection or before it.
            if (!both.aborted) throw error;
          });
        },
      },
      logger,
    );
  }

  /** An event that breaks what should know every event must not break the connection, which others come over. */
  private take(event: SwitchEvent, order: number): void {
    try {
      this.model.take(event, order);
    } catch (error) {
      this.metrics.rejected.inc({ code: 'unexpected' });
      this.logger.error({ err: error, name: event['Event-Name'] }, 'an event could not be handled; it is lost');
    }
  }

  private diskFailed(error: unknown): void {
    this.metrics.diskErrors.inc();
    if (Date.now() < this.diskLogMs) return;
    this.diskLogMs = Date.now() + DISK_LOG_INTERVAL_MS;
    this.logger.error({ detail: messageOf(error) }, 'the spill folder cannot be used; events are kept in memory');
  }

  /**
   * Not even the end of a call has room. To go on would be to count some calls and not others: the connection is given
   * up, so that the board says it knows nothing, until what is here has been sent.
   */
  private overflow(): void {
    if (this.isOverflowing) return;
    this.isOverflowing = true;
    this.logger.fatal(
      { bytes: this.outbox.bytes },
      'no room for the ends of calls: the switch is no longer listened to',
    );
    this.link.drop(new EslError('esl_closed', 'There is no room for the ends of calls.'));
  }

  private async waitForRoom(signal: AbortSignal): Promise<void> {
    while (this.isOverflowing) {
      if (this.outbox.pressure <= ROOM_AFTER_OVERFLOW) this.isOverflowing = false;
      else await delay(ROOM_CHECK_MS, undefined, { signal });
    }
  }
}
