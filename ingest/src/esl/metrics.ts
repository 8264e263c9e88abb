import { Counter, Gauge, type Registry } from 'prom-client';

import { createMetricsRegistry } from '../hosts/metrics.ts';
import { EVENT_CLASSES } from './event-class.ts';

/** What a forwarder tells Prometheus. */
export interface EslMetrics {
  readonly registry: Registry;
  readonly events: Counter<'class'>;
  readonly shed: Counter<'class'>;
  readonly ignored: Counter;
  readonly rejected: Counter<'code'>;
  readonly malformed: Counter;
  readonly lostBySwitch: Counter;
  readonly traps: Counter;
  readonly switchRestarts: Counter;
  readonly sequenceRestarts: Counter;
  readonly disconnects: Counter<'code'>;
  readonly connects: Counter;
  readonly resumes: Counter<'outcome'>;
  readonly agentStates: Counter<'from'>;
  readonly snapshots: Counter<'kind' | 'outcome'>;
  readonly sent: Counter;
  readonly streamRetries: Counter;
  readonly streamRefusals: Counter;
  readonly diskErrors: Counter;
  readonly lostBytes: Counter;
  readonly clockOffsetMs: Gauge;
}

/** What is read when metrics are asked for. */
export interface EslReadings {
  readonly isConnected: () => boolean;
  readonly isOverflowing: () => boolean;
  readonly memoryBytes: () => number;
  readonly spilledBytes: () => number;
  readonly waitingBytes: () => number;
  readonly abandons: () => number;
  /** Age of the newest snapshot of each owned kind. */
  readonly snapshotAgesMs: () => Iterable<readonly [string, number]>;
}

function addReadings(registry: Registry, readings: EslReadings): void {
  const gauge = (name: string, help: string, read: () => number): void => {
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(read());
      },
    });
  };
  gauge('lumina_esl_connected', 'Whether the switch is connected.', () => Number(readings.isConnected()));
  gauge('lumina_esl_overflowing', 'Whether nothing is taken from the switch until there is room again.', () =>
    Number(readings.isOverflowing()),
  );
  gauge('lumina_esl_memory_bytes', 'Events in memory that the stream has not taken.', readings.memoryBytes);
  gauge('lumina_esl_spilled_bytes', 'Events on disk only that the stream has not taken.', readings.spilledBytes);
  gauge('lumina_esl_waiting_bytes', 'Events that the stream has not taken.', readings.waitingBytes);
  gauge('lumina_esl_abandons', 'Abandons that a returning caller may still undo.', readings.abandons);
  new Gauge({
    name: 'lumina_esl_snapshot_age_ms',
    help: 'Age of the newest snapshot, by kind.',
    labelNames: ['kind'],
    registers: [registry],
    collect() {
      for (const [kind, ageMs] of readings.snapshotAgesMs()) this.set({ kind }, ageMs);
    },
  });
}

/** The metrics of a forwarder. */
export function createEslMetrics(worker: string, readings: EslReadings): EslMetrics {
  const registry = createMetricsRegistry(worker);
  const counter = <L extends string = never>(name: string, help: string, ...labelNames: L[]): Counter<L> =>
    new Counter<L>({ name: `lumina_esl_${name}_total`, help, labelNames, registers: [registry] });
  addReadings(registry, readings);
  const events = counter('events', 'Events taken for the stream, by class.', 'class');
  const shed = counter('shed', 'Events for which there was no room, by class.', 'class');
  for (const kind of EVENT_CLASSES) {
    events.inc({ class: kind }, 0);
    shed.inc({ class: kind }, 0);
  }
  return {
    registry,
    events,
    shed,
    ignored: counter('ignored', 'Events that concern nothing that is counted.'),
    rejected: counter('rejected', 'Events of no territory of this switch, or that no worker will accept.', 'code'),
    malformed: counter('malformed', 'Events that could not be read.'),
    lostBySwitch: counter('lost_by_switch', 'Events that the switch says it dropped.'),
    traps: counter('traps', 'TRAP events of the switch.'),
    switchRestarts: counter('switch_restarts', 'Times the switch came back as another Core-UUID.'),
    sequenceRestarts: counter('sequence_restarts', 'Times Event-Sequence began anew within a life of the switch.'),
    disconnects: counter('disconnects', 'Connections lost or not made, by the code of the error.', 'code'),
    connects: counter('connects', 'Connections made.'),
    resumes: counter('resumes', 'Resumes, by whether the abandon that they undo was known.', 'outcome'),
    agentStates: counter('agent_states', 'Changes of agents, by whether an event or a list told them.', 'from'),
    snapshots: counter('snapshots', 'Snapshots, by kind and whether they were whole.', 'kind', 'outcome'),
    sent: counter('sent', 'Events that the stream has taken.'),
    streamRetries: counter('stream_retries', 'Puts that failed for a passing reason.'),
    streamRefusals: counter('stream_refusals', 'Events that the stream refuses for good.'),
    diskErrors: counter('disk_errors', 'Times the local disk refused to write or read.'),
    lostBytes: counter('lost_bytes', 'Bytes of spill files that could not be read back.'),
    clockOffsetMs: new Gauge({
      name: 'lumina_esl_clock_offset_ms',
      help: 'How far the clock of the switch is ahead of this one.',
      registers: [registry],
    }),
  };
}
