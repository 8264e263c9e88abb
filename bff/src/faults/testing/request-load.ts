import { Agent, request as httpRequest } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { CALLS } from './calls.ts';

const WORKERS = 8;
const PAUSE_MS = 5;
const PATHS = ['/api/dashboards', '/api/metrics', '/api/directory/agents', '/api/settings'];
const BODY = JSON.stringify(CALLS);

/** How a request ended. */
type Outcome =
  | { readonly kind: 'answer'; readonly status: number; readonly text: string }
  /** Nobody has taken it: there was no connection, or an old one was closed before anything of it was answered. */
  | { readonly kind: 'refused' }
  | { readonly kind: 'cut'; readonly why: string };

function isNotTaken(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ECONNREFUSED' || error.code === 'ECONNRESET');
}

/** Steady requests, questions and others, on connections that are kept and on new ones. */
export class RequestLoad {
  readonly #origin: string;
  readonly #token: string;
  readonly #kept = new Agent({ keepAlive: true });
  readonly #waiting: { readonly count: number; readonly resolve: (value: undefined) => void }[] = [];
  #answered = 0;
  #isOver = false;
  #work: Promise<void>[] = [];
  /** Whatever was neither answered whole nor plainly refused. */
  readonly odd: Outcome[] = [];

  constructor(origin: string, token: string) {
    this.#origin = origin;
    this.#token = token;
  }

  start(): void {
    this.#work = Array.from({ length: WORKERS }, (_, worker) => this.#goOn(worker));
  }

  /** Waits for so many further answers of success. */
  async answers(count: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    this.#waiting.push({ count: this.#answered + count, resolve });
    await promise;
  }

  async stop(): Promise<void> {
    this.#isOver = true;
    await Promise.all(this.#work);
    this.#kept.destroy();
  }

  async #goOn(worker: number): Promise<void> {
    for (let turn = worker; !this.#isOver; turn += 1) {
      const outcome = await this.#ask(turn).catch((error: unknown): Outcome =>
        isNotTaken(error) ? { kind: 'refused' } : { kind: 'cut', why: String(error) },
      );
      this.#judge(outcome);
      await delay(PAUSE_MS);
    }
  }

  #judge(outcome: Outcome): void {
    if (outcome.kind === 'refused') return;
    if (outcome.kind === 'cut' || !isFair(outcome)) {
      this.odd.push(outcome);
      return;
    }
    if (outcome.status !== 200) return;
    this.#answered += 1;
    for (const { count, resolve } of this.#waiting) if (this.#answered >= count) resolve(undefined);
  }

  async #ask(turn: number): Promise<Outcome> {
    const isQuestion = turn % 2 === 0;
    const outgoing = httpRequest(
      `${this.#origin}${isQuestion ? '/api/metrics/query' : (PATHS[(turn >> 1) % 4] ?? '/')}`,
      {
        method: isQuestion ? 'POST' : 'GET',
        agent: turn % 3 === 0 ? false : this.#kept,
        headers: {
          Authorization: `Bearer ${this.#token}`,
          ...(isQuestion ? { 'Content-Type': 'application/json', 'Content-Length': String(BODY.length) } : {}),
        },
      },
    );
    outgoing.end(isQuestion ? BODY : '');
    const [answer] = (await once(outgoing, 'response')) as [IncomingMessage];
    try {
      let text = '';
      for await (const chunk of answer.setEncoding('utf8')) text += String(chunk);
      return { kind: 'answer', status: answer.statusCode ?? 0, text };
    } catch (error) {
      return { kind: 'cut', why: `within the answer: ${String(error)}` };
    }
  }
}

/** A whole answer, or a problem that says to come back. */
function isFair({ status, text }: Extract<Outcome, { kind: 'answer' }>): boolean {
  if (status !== 200 && status !== 503 && status !== 403) return false;
  try {
    JSON.parse(text);
    return true;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}
