import { openSocket, openStream } from '../../live/testing/live-client.ts';
import type { Caller } from './callers.ts';
import { callsOf } from './marked-facts.ts';
import type { MarkedTerritory } from './territories.ts';
import { described, marksIn } from './verdicts.ts';
import type { Attempt, Wire } from './wire.ts';

/** Somebody who asks what others ask at the same instant, and where. */
export interface Asker {
  readonly caller: Caller;
  readonly territory: MarkedTerritory;
  /** What they must be told at some time, or the question was empty. */
  readonly expected: string;
}

const RANGE = { last: '1h' };
const byQueue = (metrics: readonly string[]): object => ({ ref: 'a', metrics, groupBy: ['queue_id'] });
const TOTAL = { ref: 'total', metrics: ['call_count'], filters: [{ dim: 'queue_id', op: 'eq', values: ['q_same'] }] };

function questions(
  round: number,
): readonly { readonly path: string; readonly method: string; readonly body?: object }[] {
  // Each round asks for a range that nobody has asked for before; within it all but the first may be shared.
  const range = { last: `${String(50 + round)}m` };
  return [
    {
      method: 'POST',
      path: '/api/metrics/query',
      body: { range, queries: [byQueue(['call_count', 'queue_depth']), TOTAL] },
    },
    { method: 'POST', path: '/api/rows/query', body: { rows: 'calls', range, limit: 500 } },
    { method: 'POST', path: '/api/rows/query', body: { rows: 'waiting' } },
    { method: 'GET', path: `/api/metrics/query?dashboard=board_same&timeRange=${range.last}` },
    { method: 'GET', path: '/api/dashboards/board_same' },
    { method: 'GET', path: '/api/directory/queues' },
    { method: 'GET', path: '/api/settings' },
  ];
}

/** The number of calls in the queue that all have, as the reply tells it; undefined where it tells none. */
function totalIn(body: string): number | undefined {
  const { data = [] } = JSON.parse(body) as {
    data?: readonly { ref: string; points: readonly [number, number | null][] }[];
  };
  const told = data.filter(({ ref }) => ref === 'total');
  return told.length === 0
    ? undefined
    : told.flatMap(({ points }) => points).reduce((sum, [, value]) => sum + (value ?? 0), 0);
}

function judge(
  { caller, territory }: Asker,
  what: string,
  answer: { readonly rawHeaders: readonly string[]; readonly body: string },
): readonly string[] {
  return marksIn(answer, caller.forbidden).map(
    (mark) => `${caller.name} of ${String(territory.id)} was told ${mark} at once with others: ${what}`,
  );
}

async function ask(wire: Wire, asker: Asker, attempt: Attempt, seen: Set<string>): Promise<readonly string[]> {
  const answer = await wire.send(attempt);
  if (marksIn(answer, [asker.expected]).length > 0)
    seen.add(`${asker.caller.name} ${attempt.method} ${attempt.path.replace(/\?.*/, '')}`);
  const faults = [...judge(asker, described(attempt, answer), answer)];
  if (answer.status !== 200) faults.push(`${asker.caller.name}: ${described(attempt, answer)}`);
  else if (attempt.body?.includes('"total"') === true && totalIn(answer.body) !== callsOf(asker.territory))
    faults.push(
      `${asker.caller.name} of ${String(asker.territory.id)} counted ${String(totalIn(answer.body))}: ${described(attempt, answer)}`,
    );
  return faults;
}

/** Identical questions of different people at the same instant. @returns leaks, and who has seen their own at which route. */
export async function askAtOnce(
  wire: Wire,
  origins: readonly string[],
  askers: readonly Asker[],
  rounds: number,
): Promise<{ readonly leaks: readonly string[]; readonly seen: ReadonlySet<string> }> {
  const leaks: string[] = [];
  const seen = new Set<string>();
  for (let round = 0; round < rounds; round += 1) {
    const asked = questions(round).flatMap(({ method, path, body }) =>
      askers.flatMap((asker) =>
        origins.map((origin) =>
          ask(
            wire,
            asker,
            {
              origin,
              method,
              path,
              headers: {
                ...asker.caller.headers,
                ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
              },
              ...(body === undefined ? {} : { body: JSON.stringify(body) }),
            },
            seen,
          ),
        ),
      ),
    );
    for (const faults of await Promise.all(asked)) leaks.push(...faults);
  }
  return { leaks, seen };
}

const LIVE = { range: RANGE, queries: [byQueue(['call_count', 'queue_depth'])], rows: 'waiting' };
const FRAMES = 3;

function tokenOf({ headers }: Caller): string {
  return headers['Authorization']?.replace('Bearer ', '') ?? '';
}

/** The first frames of an event stream. */
async function streamFrames(origin: string, { caller }: Asker): Promise<string> {
  const stream = await openStream(origin, { token: tokenOf(caller), body: LIVE });
  for (let count = 0; count < FRAMES; count += 1) await stream.frames.next();
  stream.leave();
  return stream.text();
}

/** The first frames of a WebSocket. */
async function socketFrames(wire: Wire, origin: string, { caller }: Asker): Promise<string> {
  const answer = await wire.send({ origin, method: 'POST', path: '/api/live/ticket', headers: caller.headers });
  const { frames, socket, closed } = await openSocket(origin, (JSON.parse(answer.body) as { ticket: string }).ticket);
  socket.send(JSON.stringify(LIVE));
  for (let count = 0; count < FRAMES; count += 1) await frames.next();
  socket.close();
  await closed;
  return JSON.stringify(frames.all);
}

/** Identical streams and sockets of different people, open at once. @returns leaks. */
export async function watchAtOnce(
  wire: Wire,
  origins: readonly string[],
  askers: readonly Asker[],
  each: number,
): Promise<readonly string[]> {
  const watched = Array.from({ length: each }).flatMap(() =>
    askers.flatMap((asker) =>
      origins.flatMap((origin) =>
        [streamFrames(origin, asker), socketFrames(wire, origin, asker)].map(
          async (told): Promise<readonly string[]> => {
            const body = await told;
            const faults = judge(asker, body.slice(0, 800), { rawHeaders: [], body });
            return body.includes(asker.expected)
              ? faults
              : [...faults, `${asker.caller.name} was not shown ${asker.expected}: ${body.slice(0, 800)}`];
          },
        ),
      ),
    ),
  );
  return (await Promise.all(watched)).flat();
}
