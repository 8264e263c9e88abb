import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { MetricReply } from '@lumina/contracts';
import { LuminaError, errorFromQuery } from '../../client/lumina-error.ts';
import { coveredUntilMs, tileViewOf } from '../../client/tile-view.ts';
import type { TileView } from '../../client/tile-view.ts';
import { widgetStateOf } from '../../client/widget-state.ts';
import type { WidgetState } from '../../client/widget-state.ts';
import type { LuminaScope } from '../../controllers/lumina-scope.ts';
import { MetricQueryController } from '../../controllers/metric-query-controller.ts';
import { OnlineController } from '../../controllers/online-controller.ts';
import { ScopeController } from '../../controllers/scope-controller.ts';
import type { OwnConnection } from '../../controllers/scope-controller.ts';
import { SecondTicker } from '../../controllers/second-ticker.ts';
import { questionOf, requestOf } from './widget-question.ts';
import type { WidgetQuestion, WidgetWords } from './widget-question.ts';

type Host = ReactiveControllerHost & HTMLElement;

/** What a tile is told by its tag. */
export interface TileInputs {
  readonly words: WidgetWords;
  readonly own: OwnConnection | undefined;
  readonly lateAfterMs: number;
  readonly staleAfterMs: number;
}

/** A range that ended this long before it was asked for is over, and its numbers do not age. */
const OVER_AFTER_MS = 60_000;

/** Everything a tile knows before it draws: its question, the answer, how old that is, and the state that follows. */
export class TileController implements ReactiveController {
  readonly #inputsOf: () => TileInputs;
  readonly #scopes: ScopeController;
  readonly #query: MetricQueryController;
  readonly #online: OnlineController;
  #question: WidgetQuestion | undefined;
  #questionError: LuminaError | undefined;
  #readReply: MetricReply | undefined;
  #view: TileView | undefined;
  #refusal: LuminaError | undefined;
  #state: WidgetState = 'idle';

  constructor(host: Host, inputsOf: () => TileInputs) {
    this.#inputsOf = inputsOf;
    this.#scopes = new ScopeController(host, () => inputsOf().own);
    this.#query = new MetricQueryController(host, this.#scopes, (scope) => {
      this.#ask();
      return this.#question === undefined ? undefined : requestOf(this.#question, scope);
    });
    this.#online = new OnlineController(host);
    new SecondTicker(host);
    // After the others: what they find in an update is what the tile shows in the same one.
    host.addController(this);
  }

  /** What the provider, or the tag itself, brings. */
  get scope(): LuminaScope | undefined {
    return this.#scopes.scope;
  }

  /** What is asked; undefined without a metric, or when the words say nothing that exists. */
  get question(): WidgetQuestion | undefined {
    return this.#question;
  }

  /** The newest answer. */
  get view(): TileView | undefined {
    return this.#view;
  }

  /** What the service says of the metrics it computed. */
  get definitions(): MetricReply['meta']['definitions'] {
    return this.#query.reply?.meta.definitions ?? {};
  }

  /** The state to show. */
  get state(): WidgetState {
    return this.#state;
  }

  /** What is wrong: the question itself, the session or the request; a refused part only where nothing else came. */
  get error(): LuminaError | undefined {
    if (this.scope === undefined) return this.#questionError;
    const refusal = this.#view?.series.length === 0 ? this.#refusal : undefined;
    return this.#questionError ?? this.#query.error ?? refusal;
  }

  /** Why a part of the answer is missing, while the rest is shown. */
  get missingPart(): LuminaError | undefined {
    return this.error === undefined ? this.#refusal : undefined;
  }

  /** How the territory stands with its budget for queries; undefined while all is well. */
  get budget(): MetricReply['meta']['budget'] {
    return this.#query.reply?.meta.budget;
  }

  /** What the territory wants the metric to reach among the queues that are shown. */
  get target(): number | undefined {
    const { scope, question } = this;
    const [query] = scope === undefined || question === undefined ? [] : requestOf(question, scope).queries;
    return query === undefined ? undefined : scope?.targets?.targetOf(query);
  }

  /** Whether some of it was carried on over time without a sample. */
  get isCarried(): boolean {
    return this.#query.reply?.aggregations.some(({ drift }) => drift === true) ?? false;
  }

  /** The instant the data stands for; undefined without data. */
  get coveredUntilMs(): number | undefined {
    const { reply } = this.#query;
    return reply === undefined ? undefined : coveredUntilMs(reply);
  }

  /** Now, by the service's clock. */
  get nowMs(): number {
    return this.scope?.client.clock.nowMs() ?? Date.now();
  }

  /** How old the data is, ms. */
  get ageMs(): number {
    return Math.max(0, this.nowMs - (this.coveredUntilMs ?? this.nowMs));
  }

  /** Whether the tile follows the news; a range that is over, or a board at rest, has none to follow. */
  get isFollowing(): boolean {
    const meta = this.#query.reply?.meta;
    const isOver = meta !== undefined && meta.to < meta.asOf - OVER_AFTER_MS;
    return !isOver && (this.scope?.isLive ?? true);
  }

  /** Asks again now; after a failed sign-in that means a new token first. */
  retry(): void {
    this.#query.retry();
  }

  hostUpdate(): void {
    this.#ask();
    this.#read();
    this.#state = this.#nextState();
  }

  #ask(): void {
    this.#questionError = undefined;
    try {
      this.#question = questionOf(this.#inputsOf().words);
    } catch (error) {
      if (!(error instanceof LuminaError)) throw error;
      this.#question = undefined;
      this.#questionError = error;
    }
  }

  #read(): void {
    const { reply } = this.#query;
    if (reply === this.#readReply) return;
    this.#readReply = reply;
    const [refused] = reply?.errors ?? [];
    // One object per reply, so that it is reported once.
    this.#refusal = refused === undefined ? undefined : errorFromQuery(refused);
    const query = this.#question?.query;
    this.#view =
      reply === undefined || query === undefined
        ? undefined
        : tileViewOf(reply, { metrics: query.metrics, stat: query.options?.stat });
  }

  #nextState(): WidgetState {
    const { lateAfterMs, staleAfterMs } = this.#inputsOf();
    const { error, scope } = this;
    return widgetStateOf({
      isAsked: this.#questionError !== undefined || (this.#question !== undefined && scope !== undefined),
      hasData: this.#view !== undefined,
      hasValues: this.#view?.hasValues ?? false,
      // What does not follow the news is as old as it says, unless following it again has failed.
      ageMs: this.isFollowing || error !== undefined ? this.ageMs : 0,
      error,
      isOffline: this.#online.isOffline,
      lateAfterMs,
      staleAfterMs,
    });
  }
}
