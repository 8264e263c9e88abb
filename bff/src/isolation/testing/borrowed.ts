import { openStream } from '../../live/testing/live-client.ts';
import type { Caller } from './callers.ts';
import { described, marksIn, sameness } from './verdicts.ts';
import type { Attempt, Wire } from './wire.ts';

const LISTS = ['/api/dashboards', '/api/directory/queues', '/api/directory/agents', '/api/users', '/api/audit'];
const CALLS = { rows: 'calls', range: { last: '1h' }, limit: 1 };
const MISSING_STREAM = '00000000-0000-4000-8000-000000000000';

function cursorIn(body: string): string | undefined {
  const { next, cursor = next } = JSON.parse(body) as { next?: string | null; cursor?: string | null };
  return cursor ?? undefined;
}

/** A page of each list, after a cursor where there is one. */
function pages(
  origin: string,
  { headers }: Caller,
  cursorOf: (list: string) => string | undefined,
): [string, Attempt][] {
  const listed = LISTS.map((list): [string, Attempt] => {
    const cursor = cursorOf(list);
    const after = cursor === undefined ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    return [list, { origin, method: 'GET', path: `${list}?limit=1${after}`, headers }];
  });
  const cursor = cursorOf('rows');
  const body = JSON.stringify({ ...CALLS, ...(cursor === undefined ? {} : { cursor }) });
  const json = { ...headers, 'Content-Type': 'application/json' };
  return [...listed, ['rows', { origin, method: 'POST', path: '/api/rows/query', headers: json, body }]];
}

/** Goes on with the cursors and the stream of somebody else. @returns how many could be had, and leaks. */
export async function borrow(
  wire: Wire,
  origins: readonly string[],
  lender: Caller,
  borrower: Caller,
): Promise<{ readonly lent: number; readonly leaks: readonly string[] }> {
  const leaks: string[] = [];
  let lent = 0;
  for (const origin of origins) {
    const cursors = new Map<string, string | undefined>();
    for (const [list, attempt] of pages(origin, lender, () => undefined))
      cursors.set(list, cursorIn((await wire.send(attempt)).body));
    for (const [list, attempt] of pages(origin, borrower, (name) => cursors.get(name))) {
      if (cursors.get(list) !== undefined) lent += 1;
      const answer = await wire.send(attempt);
      const marks = marksIn(answer, borrower.forbidden);
      if (marks.length > 0 || answer.status >= 500) leaks.push(`${marks.join(', ')}: ${described(attempt, answer)}`);
    }
    const stream = await openStream(origin, {
      token: lender.headers['Authorization']?.replace('Bearer ', '') ?? '',
      body: { range: { last: '1h' }, queries: [{ ref: 'a', metrics: ['call_count'] }] },
    });
    const id = String(stream.response.headers['x-lumina-stream']);
    lent += 1;
    const [theirs, missing] = await Promise.all(
      [id, MISSING_STREAM].map((name) =>
        wire.send({ origin, method: 'POST', path: `/api/live/${name}/token`, headers: borrower.headers }),
      ),
    );
    stream.leave();
    if (theirs?.status !== 404 || missing === undefined || sameness(theirs, [id]) !== sameness(missing, [id]))
      leaks.push(`the stream of another: ${String(theirs?.status)} ${theirs?.body ?? ''} / ${missing?.body ?? ''}`);
  }
  return { lent, leaks };
}
