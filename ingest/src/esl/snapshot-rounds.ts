import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';

import { messageOf } from '../adapters/service-error.ts';
import type { EslConfig, SnapshotKind } from './config.ts';
import { agentRound } from './agent-round.ts';
import { channelRound } from './channel-round.ts';
import type { EslMetrics } from './metrics.ts';
import { queueRound, readQueues } from './queue-round.ts';
import type { RoundContext } from './round.ts';
import type { EslSession } from './session.ts';

/**
 * Where in its slot a snapshot is asked for: early, so that a slow answer still lies in the slot, and beside the whole
 * second, on which mod_callcenter's times lie.
 */
const PHASE = 0.23;
const JOB_SHARE = 0.7;

interface RoundTask {
  readonly kinds: readonly SnapshotKind[];
  readonly run: () => Promise<unknown>;
}

/** How long to wait from an instant of the switch's clock until the next snapshot is due. */
export function nextRoundInMs(switchNowMs: number, intervalMs: number): number {
  const phaseMs = PHASE * intervalMs;
  const slot = Math.floor((switchNowMs - phaseMs) / intervalMs) + 1;
  return slot * intervalMs + phaseMs - switchNowMs;
}

/** Takes snapshots over one connection: all of them at once, then all again in every interval. */
export class SnapshotRounds {
  private readonly context: Omit<RoundContext, 'session' | 'isFirst' | 'jobLimitMs' | 'onAnswer'>;
  private readonly config: EslConfig;
  private readonly metrics: EslMetrics;
  private readonly logger: Logger;
  private readonly takenMs = new Map<SnapshotKind, number>();
  private offsetMs = 0;
  /** The connection over which agents were listed. */
  private agentsOf: EslSession | undefined;

  constructor(
    context: Omit<RoundContext, 'session' | 'isFirst' | 'jobLimitMs' | 'onAnswer'>,
    metrics: EslMetrics,
    logger: Logger,
  ) {
    this.context = context;
    this.config = context.config;
    this.metrics = metrics;
    this.logger = logger;
  }

  /** How long ago the newest whole snapshot of each owned kind was taken. */
  *agesMs(): Iterable<readonly [SnapshotKind, number]> {
    for (const kind of this.config.snapshots) {
      const takenMs = this.takenMs.get(kind);
      yield [kind, takenMs === undefined ? Number.POSITIVE_INFINITY : Date.now() - takenMs];
    }
  }

  /** Runs until the connection ends. */
  async run(session: EslSession, signal: AbortSignal): Promise<void> {
    let isFirst = true;
    const isOver = (): boolean => signal.aborted;
    while (!isOver()) {
      const context = this.contextOf(session, !this.hasAgentsOf(session));
      await Promise.all(this.tasksOf(context, isFirst).map((task) => this.attempt(task)));
      if (isOver()) return;
      isFirst = false;
      await delay(nextRoundInMs(Date.now() + this.offsetMs, this.config.intervalMs), undefined, { signal });
    }
  }

  private tasksOf(context: RoundContext, isFirst: boolean): RoundTask[] {
    const { snapshots } = this.config;
    const tasks: RoundTask[] = [];
    const fromChannels = (['calls', 'trunks'] as const).filter((kind) => snapshots.has(kind));
    if (fromChannels.length > 0) tasks.push({ kinds: fromChannels, run: () => channelRound(context) });
    if (snapshots.has('queues')) tasks.push({ kinds: ['queues'], run: () => queueRound(context) });
    // For how long each queue remembers abandons is needed all the same, once.
    else if (isFirst) tasks.push({ kinds: [], run: () => readQueues(context) });
    if (snapshots.has('agents')) {
      const run = async (): Promise<void> => {
        await agentRound(context);
        this.agentsOf = context.session;
      };
      tasks.push({ kinds: ['agents'], run });
    }
    return tasks;
  }

  private hasAgentsOf(session: EslSession): boolean {
    return this.agentsOf === session;
  }

  private contextOf(session: EslSession, isFirst: boolean): RoundContext {
    const onAnswer = (atMs: number): void => {
      this.offsetMs = atMs - Date.now();
      this.metrics.clockOffsetMs.set(this.offsetMs);
    };
    return { ...this.context, session, isFirst, jobLimitMs: this.config.intervalMs * JOB_SHARE, onAnswer };
  }

  /** One kind that fails leaves the others alone, and its own slot without a beat: nothing is better than a half. */
  private async attempt({ kinds, run }: RoundTask): Promise<void> {
    try {
      await run();
      for (const kind of kinds) {
        this.takenMs.set(kind, Date.now());
        this.metrics.snapshots.inc({ kind, outcome: 'whole' });
      }
    } catch (error) {
      for (const kind of kinds) this.metrics.snapshots.inc({ kind, outcome: 'failed' });
      this.logger.warn({ kinds, detail: messageOf(error) }, 'a snapshot failed; none is sent');
    }
  }
}
