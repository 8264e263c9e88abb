import fc from 'fast-check';
import { ROUTE_PERMISSIONS } from '../../auth/route-permissions.ts';
import type { Caller } from './callers.ts';
import type { DocumentedRoute } from './documented-routes.ts';
import { OWNER_PLACE, valuesOf } from './drawn-values.ts';
import { DISTANT, ID_OWNERS, NEIGHBOUR, OWN, idsOf } from './territories.ts';
import { codeIn, described, marksIn, sameness } from './verdicts.ts';
import type { Answer, Attempt, Wire } from './wire.ts';

/** An attack in which every route is asked by everybody for everything. */
export interface RoleAttack {
  readonly wire: Wire;
  readonly origins: readonly string[];
  readonly routes: readonly DocumentedRoute[];
  readonly callers: readonly Caller[];
  readonly seed: number;
  /** Questions drawn per route and caller. */
  readonly draws: number;
  /** Whether guards that contradict each other may make a change fail. */
  readonly mayFail?: boolean;
}

/** What came of it. */
export interface RoleFindings {
  /** Each a leak, in words. */
  readonly leaks: string[];
  readonly covered: Set<string>;
  /** Routes that did for somebody what they are for. */
  readonly worked: Set<string>;
  /** Routes that have shown the own mark. */
  readonly shown: Set<string>;
}

interface Question {
  readonly path: string;
  readonly body: string | undefined;
}

/** Reads before changes, removals last: each finds as much as there can be, and versions as they were stored. */
const ORDER = ['GET', 'PUT', 'POST', 'DELETE'];
const UNKNOWN_OWNERS: readonly string[] = [NEIGHBOUR.suffix, DISTANT.suffix];

function bodyText(route: DocumentedRoute, body: unknown): string | undefined {
  if (route.body === undefined) return undefined;
  return route.body.mediaType === 'application/json'
    ? JSON.stringify(body)
    : new URLSearchParams(body as Record<string, string>).toString();
}

/** Questions with places for ids, and for whose they are: a plain one, and others with all that may be said. */
function questionsOf(route: DocumentedRoute, seed: number, count: number): readonly Question[] {
  const hasMore = route.body !== undefined || Object.keys(route.query).length > 0;
  return Array.from({ length: hasMore ? count : 1 }, (_, at) => {
    const extent = at === 0 ? 'plain' : 'full';
    const query = fc.record(
      Object.fromEntries(
        Object.entries(route.query)
          .filter(([name]) => extent === 'full' || route.requiredQuery.includes(name))
          .map(([name, schema]) => [name, valuesOf(schema, extent, name)]),
      ),
      { requiredKeys: [...route.requiredQuery] },
    );
    const drawn = fc.record({ query, body: valuesOf(route.body?.schema ?? { const: null }, extent) });
    const [one] = fc.sample(drawn, { seed: seed + at, numRuns: 1 });
    const parameters = new URLSearchParams(one?.query as Record<string, string>).toString();
    return { path: route.path + (parameters === '' ? '' : `?${parameters}`), body: bodyText(route, one?.body) };
  });
}

/** All ways to fill the parameters of a path with what belongs to an owner. */
function filled(route: DocumentedRoute, path: string, owner: string): readonly string[] {
  return route.ids.reduce<readonly string[]>(
    (paths, { name, word }) =>
      paths.flatMap((one) => idsOf(word, owner).map((id) => one.replace(`{${name}}`, encodeURIComponent(id)))),
    [path],
  );
}

/** One caller at one route. */
class Visit {
  readonly #attack: RoleAttack;
  readonly #findings: RoleFindings;
  readonly #route: DocumentedRoute;
  readonly #caller: Caller;

  constructor(attack: RoleAttack, findings: RoleFindings, route: DocumentedRoute, caller: Caller) {
    this.#attack = attack;
    this.#findings = findings;
    this.#route = route;
    this.#caller = caller;
  }

  async ask(question: Question, turn: number): Promise<void> {
    const answers = new Map<string, Answer[]>();
    for (const owner of this.#owners(question)) {
      const replies: Answer[] = [];
      for (const path of filled(this.#route, question.path, owner))
        replies.push(await this.#send(question, path, owner, turn));
      answers.set(owner, replies);
    }
    this.#compare(answers);
  }

  /** Whoever is refused before anything is looked at need not ask for everything. */
  #owners({ path, body = '' }: Question): readonly string[] {
    const names =
      this.#route.ids.length > 0 ||
      `${path}${body}`.includes(OWNER_PLACE) ||
      path.includes(encodeURIComponent(OWNER_PLACE));
    if (!names) return ['same'];
    if (this.#caller.permissions === undefined) return ['same', NEIGHBOUR.suffix];
    return this.#isLacking() ? ['same', NEIGHBOUR.suffix, 'missing'] : ID_OWNERS;
  }

  #isLacking(): boolean {
    const access = ROUTE_PERMISSIONS[this.#route.key];
    return (
      access !== undefined && 'permission' in access && this.#caller.permissions?.includes(access.permission) !== true
    );
  }

  async #send({ body }: Question, path: string, owner: string, turn: number): Promise<Answer> {
    const { wire, origins } = this.#attack;
    const { method, headers, body: documented } = this.#route;
    const attempt: Attempt = {
      origin: origins[turn % origins.length] ?? '',
      method,
      path: path.replaceAll(encodeURIComponent(OWNER_PLACE), owner),
      headers: {
        ...this.#caller.headers,
        ...(documented === undefined ? {} : { 'Content-Type': documented.mediaType }),
        ...(headers.includes('If-Match') ? { 'If-Match': '"1"' } : {}),
      },
      ...(body === undefined ? {} : { body: body.replaceAll(OWNER_PLACE, owner) }),
    };
    const answer = await wire.send(attempt);
    this.#judge(attempt, answer);
    return answer;
  }

  #judge(attempt: Attempt, answer: Answer): void {
    const { leaks, covered, worked, shown } = this.#findings;
    const { key } = this.#route;
    covered.add(key);
    if (answer.status < 300) worked.add(key);
    if (marksIn(answer, [OWN.mark]).length > 0) shown.add(key);
    const marks = marksIn(answer, this.#caller.forbidden);
    const wrong = [...marks.map((mark) => `told ${mark}`), ...this.#wrongStatus(answer)];
    if (wrong.length > 0) leaks.push(`${this.#caller.name}: ${wrong.join(', ')}: ${described(attempt, answer)}`);
  }

  #wrongStatus(answer: Answer): readonly string[] {
    const { permissions } = this.#caller;
    const { key, isOpen } = this.#route;
    if (ROUTE_PERMISSIONS[key] === undefined) return ['a route without a permission'];
    if (answer.status >= 500) return this.#attack.mayFail === true ? [] : ['failed'];
    if (isOpen) return [];
    if (permissions === undefined) return answer.status === 401 ? [] : ['let in'];
    if (this.#isLacking()) return answer.status === 403 && codeIn(answer) === 'forbidden' ? [] : ['not forbidden'];
    return answer.status === 401 ? ['not let in'] : [];
  }

  /** What another territory has must answer as what nobody has. */
  #compare(answers: ReadonlyMap<string, readonly Answer[]>): void {
    const missing = answers.get('missing');
    if (missing === undefined) return;
    for (const owner of UNKNOWN_OWNERS) {
      for (const [at, answer] of (answers.get(owner) ?? []).entries()) {
        const absent = missing[at];
        const [said, meant] = [this.#said(answer, owner), absent === undefined ? '' : this.#said(absent, 'missing')];
        // What was made before counts where there is a limit: only the next is refused.
        const isMaking = this.#route.ids.length === 0 && answer.status < 300;
        if (said !== meant && !isMaking)
          this.#findings.leaks.push(
            `${this.#caller.name}: ${this.#route.key} tells ${owner} from missing: ${said} / ${meant}`,
          );
      }
    }
  }

  #said(answer: Answer, owner: string): string {
    const ids = this.#route.ids.flatMap(({ word }) => idsOf(word, owner)).filter((id) => id.length > 1);
    return sameness(answer, [...ids, owner]);
  }
}

/** Runs it. Changes are made one after the other within a feature, so that equal questions meet equal states. */
export async function attackByRole(attack: RoleAttack): Promise<RoleFindings> {
  const findings: RoleFindings = { leaks: [], covered: new Set(), worked: new Set(), shown: new Set() };
  for (const method of ORDER) {
    const lanes = new Map<string, (() => Promise<void>)[]>();
    for (const route of attack.routes.filter((one) => one.method === method)) {
      for (const [at, caller] of attack.callers.entries()) {
        const feature = route.path.split('/')[2] ?? '';
        const lane = method === 'GET' ? `${route.key} ${caller.name}` : feature;
        const visit = new Visit(attack, findings, route, caller);
        const jobs = questionsOf(route, attack.seed + at, attack.draws).map(
          (question, turn) => () => visit.ask(question, at + turn),
        );
        lanes.set(lane, [...(lanes.get(lane) ?? []), ...jobs]);
      }
    }
    await Promise.all(
      [...lanes.values()].map(async (jobs) => {
        for (const job of jobs) await job();
      }),
    );
  }
  return findings;
}
