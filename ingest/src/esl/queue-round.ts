import { boundedParallel } from '../adapters/bounded-parallel.ts';
import { EslError } from './esl-error.ts';
import { cellOf, readBarList, secondsCellMs } from './lists.ts';
import type { Moment, QueueReading } from './queue-levels.ts';
import { ask, partsOf, scopeOf, send, type Printed, type RoundContext } from './round.ts';
import { queueSnapshot, type QueueSample } from './snapshots.ts';

const LIST = 'callcenter_config queue list';
const MEMBERS = `${LIST} members`;
/** Each runs as a thread of the switch. */
const MAX_JOBS = 4;
/** Members in these states wait; the others talk, or are gone and may come back. */
const WAITING = new Set(['Waiting', 'Trying']);

interface QueueList extends Printed {
  readonly queues: readonly string[];
}

interface OwnReading extends QueueReading {
  readonly queue: string;
  readonly coreUuid: string;
}

/** Reads which queues there are, and tells the memory of abandons how long each keeps them. */
export function readQueues(context: RoundContext): Promise<QueueList> {
  return ask(context, LIST, (printed) => {
    const rows = readBarList(printed.text, LIST);
    const queues = rows.map((row) => cellOf(row, 'name', LIST));
    const discardAfterMs = rows.map((row) => secondsCellMs(row, 'discard_abandoned_after') ?? 0);
    context.model.abandons.configure(new Map(queues.map((queue, index) => [queue, discardAfterMs[index] ?? 0])));
    return { ...printed, queues };
  });
}

function readMembers(context: RoundContext, queue: string): Promise<OwnReading> {
  return ask(context, `${MEMBERS} ${queue}`, ({ text, atMs, order, coreUuid }) => {
    const waiting = readBarList(text, MEMBERS).filter((row) => WAITING.has(cellOf(row, 'state', MEMBERS)));
    const members = new Map(
      waiting.map((row) => [cellOf(row, 'uuid', MEMBERS), secondsCellMs(row, 'joined_epoch') ?? atMs]),
    );
    return { queue, members, atMs, order, coreUuid };
  });
}

/** Every queue's members; a queue that could not be read is an error, which spoils its territory only. */
async function readAll(context: RoundContext, queues: readonly string[]): Promise<(OwnReading | Error)[]> {
  const tasks = queues.map((queue) => async (): Promise<OwnReading | Error> => {
    try {
      return await readMembers(context, queue);
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    }
  });
  return boundedParallel(tasks, MAX_JOBS);
}

function sendTerritories(context: RoundContext, list: QueueList, readings: readonly (OwnReading | Error)[]): Error[] {
  const { territories, moves } = context.model;
  const at = readings.reduce<Moment & { coreUuid: string }>(
    (last, one) => (one instanceof Error || one.atMs < last.atMs ? last : one),
    list,
  );
  const failed: Error[] = [];
  const byTerritory = Map.groupBy(list.queues.keys(), (index) => territories.ofName(list.queues[index] ?? ''));
  for (const territoryId of territories.all) {
    const own = (byTerritory.get(territoryId) ?? []).map((index) => readings[index]);
    const error = own.find((reading) => reading instanceof Error);
    if (error !== undefined) {
      failed.push(error);
      continue;
    }
    const samples = own.flatMap((reading): QueueSample[] =>
      reading === undefined || reading instanceof Error
        ? []
        : [{ queueId: reading.queue, ...moves.levelAt(reading.queue, reading, at) }],
    );
    const key = `${String(territoryId)}:queues`;
    const { events, parts } = queueSnapshot(scopeOf(context, territoryId, at), samples, partsOf(context, key));
    send(context, territoryId, events, { key, parts });
  }
  return failed;
}

/** QUEUE_SNAPSHOT: all queues, brought to the instant at which the last of them was read. */
export async function queueRound(context: RoundContext): Promise<void> {
  const { moves } = context.model;
  moves.begin();
  try {
    const list = await readQueues(context);
    const readings = await readAll(context, list.queues);
    if (moves.isTooMany) throw new EslError('esl_command_failed', 'Too many callers moved while the queues were read.');
    const [error] = sendTerritories(context, list, readings);
    if (error !== undefined) throw error;
  } finally {
    moves.end();
  }
}
