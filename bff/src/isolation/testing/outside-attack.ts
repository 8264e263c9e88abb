import type { LocalIssuer } from '../../testing/local-issuer.ts';
import { peopleOf } from './callers.ts';
import type { Caller } from './callers.ts';
import type { DocumentedRoute } from './documented-routes.ts';
import { ODD_NUMBERS, forgeriesOf } from './forged-tokens.ts';
import type { HostileRequest } from './hostile-requests.ts';
import { DISTANT, TERRITORIES, idsOf } from './territories.ts';
import { codeIn, described, marksIn } from './verdicts.ts';
import type { Answer, Attempt, Wire } from './wire.ts';

/** What the attacks from outside go against. */
export interface Target {
  readonly wire: Wire;
  readonly issuer: LocalIssuer;
  readonly regional: string;
  readonly distributor: string;
  readonly routes: readonly DocumentedRoute[];
}

const CONCURRENT = 12;
const ROUTES_PER_FORGERY = 4;
const EVERY_MARK = TERRITORIES.map(({ mark }) => mark);
/** Plain numbers name a territory, and they may. */
const PLAIN_NUMBER = /^\d{1,3}$/;
const SENDABLE = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/;

async function inParallel<T>(items: readonly T[], work: (item: T) => Promise<readonly string[]>): Promise<string[]> {
  const rest = items.values();
  const leaks: string[] = [];
  await Promise.all(
    Array.from({ length: CONCURRENT }, async () => {
      for (const item of rest) leaks.push(...(await work(item)));
    }),
  );
  return leaks;
}

function faultsOf({ name, forbidden }: Pick<Caller, 'name' | 'forbidden'>, attempt: Attempt, answer: Answer): string[] {
  const told = `${name}: ${JSON.stringify({ ...attempt.headers, Authorization: '' })} ${described(attempt, answer)}`;
  const marks = marksIn(answer, forbidden);
  if (marks.length > 0) return [`told ${marks.join(', ')}: ${told}`];
  return answer.status >= 500 ? [`failed: ${told}`] : [];
}

function filled({ path, ids }: DocumentedRoute): string {
  return ids.reduce(
    (one, { name, word }) => one.replace(`{${name}}`, encodeURIComponent(idsOf(word, 'same')[0] ?? '')),
    path,
  );
}

/** Forged, expired, edited and borrowed tokens. @returns leaks. */
export async function attackWithForgeries(target: Target, serviceToken: string): Promise<readonly string[]> {
  const { wire, issuer, routes, regional, distributor } = target;
  const guarded = routes.filter(({ isOpen }) => !isOpen);
  const forgeries = await forgeriesOf(issuer, serviceToken);
  const jobs = forgeries.flatMap((forgery, at) =>
    Array.from({ length: ROUTES_PER_FORGERY }, (_, more) => guarded[(at * 7 + more * 19) % guarded.length]).flatMap(
      (route) => (route === undefined ? [] : [regional, distributor].map((origin) => ({ forgery, route, origin }))),
    ),
  );
  return inParallel(jobs, async ({ forgery, route, origin }) => {
    const headers = { Authorization: forgery.authorization };
    const attempt = { origin, method: route.method, path: filled(route), headers };
    const answer = await wire.send(attempt);
    const isLetIn = answer.status !== 401 && answer.status !== 403;
    const faults = faultsOf({ name: forgery.name, forbidden: EVERY_MARK }, attempt, answer);
    return isLetIn ? [...faults, `let in: ${forgery.name}: ${described(attempt, answer)}`] : faults;
  });
}

/** Good tokens of region 2 at region 1, past the distributor. @returns leaks. */
export async function attackFromElsewhere({ wire, issuer, routes, regional }: Target): Promise<readonly string[]> {
  const callers = await peopleOf(issuer, DISTANT);
  const jobs = callers.flatMap((caller) => routes.filter(({ isOpen }) => !isOpen).map((route) => ({ caller, route })));
  return inParallel(jobs, async ({ caller, route }) => {
    const attempt = { origin: regional, method: route.method, path: filled(route), headers: caller.headers };
    const answer = await wire.send(attempt);
    const faults = faultsOf({ name: caller.name, forbidden: EVERY_MARK }, attempt, answer);
    const isRefused = answer.status === 403 && codeIn(answer) === 'territory_mismatch';
    return isRefused ? faults : [...faults, `${caller.name} of region 2: ${described(attempt, answer)}`];
  });
}

/** Odd headers, ids, bodies and paths of people who are let in. @returns leaks. */
export function attackWithOddities({ wire }: Target, requests: readonly HostileRequest[]): Promise<readonly string[]> {
  return inParallel(requests, async ({ caller, attempt }) => faultsOf(caller, attempt, await wire.send(attempt)));
}

/** Territories and regions that a super_admin names in anything but plain numbers. @returns leaks. */
export function attackByNumbers({ wire, regional, distributor }: Target, acting: Caller): Promise<readonly string[]> {
  const odd = ODD_NUMBERS.map((value) => (typeof value === 'string' ? value : JSON.stringify(value))).filter(
    (text) => SENDABLE.test(text) && !PLAIN_NUMBER.test(text),
  );
  const jobs = odd.flatMap((value) =>
    ['X-Territory-Id', 'X-Region-Id'].flatMap((name) =>
      [regional, distributor].map((origin) => ({ name, value, origin })),
    ),
  );
  return inParallel(jobs, async ({ name, value, origin }) => {
    const attempt = { origin, method: 'GET', path: '/api/session', headers: { ...acting.headers, [name]: value } };
    const answer = await wire.send(attempt);
    const faults = faultsOf(acting, attempt, answer);
    return answer.status === 400 ? faults : [...faults, `${name}: ${value}: ${described(attempt, answer)}`];
  });
}
