import type { AlertRuleDraft, RowScope, WebhookEvent } from '@lumina/contracts';
import type { Transition } from './reduce-alert.ts';
import type { EvaluatedState } from './stored-state.ts';

/** The right of one process to evaluate and to deliver, of a region, until it expires. */
export interface AlertLease {
  readonly holder: string;
  /** Grows at each change of hands; what was written under a lower one is refused. */
  readonly fence: number;
}

/** A rule of any territory with where it is. */
export interface KnownRule {
  readonly territoryId: number;
  readonly id: string;
  readonly version: number;
  readonly draft: AlertRuleDraft;
  readonly scope: RowScope | undefined;
  readonly isDeleted: boolean;
  /** Undefined before its first evaluation. */
  readonly state: EvaluatedState | undefined;
}

/** Something to keep, and the endpoint that is told of it. */
export interface ToldTransition extends Transition {
  readonly webhook: string | null;
}

/** A step of one rule. */
export interface StateChange {
  readonly rule: KnownRule;
  /** Transitions before the step. */
  readonly numberBefore: number;
  readonly state: EvaluatedState;
  readonly transitions: readonly ToldTransition[];
}

/** The next message of an endpoint. */
export interface DueDelivery {
  readonly territoryId: number;
  readonly id: string;
  readonly endpointId: string;
  readonly event: WebhookEvent;
  readonly body: string;
  /** Attempts so far. */
  readonly attempts: number;
  readonly url: string;
  /** The secret, and the one before while both are used. */
  readonly secrets: readonly string[];
}

/** What became of an attempt. */
export type DeliveryOutcome =
  | { readonly status: 'delivered' }
  | { readonly status: 'dead'; readonly error: string }
  | { readonly status: 'pending'; readonly error: string; readonly retryInMs: number };

/** What evaluation needs of the configuration store, over all territories of the region. */
export interface EvaluationStore {
  /** Takes or renews the lease for `ttlMs`; undefined while another holds it. */
  take: (holder: string, ttlMs: number) => Promise<AlertLease | undefined>;
  /** Lets go, so that another need not wait for the expiry. */
  release: (lease: AlertLease) => Promise<void>;
  /** Differs whenever a rule was made, changed or deleted, or something happened to an alert. */
  fingerprint: () => Promise<string>;
  /** All rules; of the deleted ones those that are not quiet yet. */
  load: () => Promise<readonly KnownRule[]>;
  /** Keeps a step and whatever is to be told of it, all or nothing. False when the lease is no longer held. */
  save: (lease: AlertLease, change: StateChange) => Promise<boolean>;
  /** The oldest message of each endpoint, where it is due. */
  due: () => Promise<readonly DueDelivery[]>;
  /** Says what became of an attempt. False when the lease is no longer held. */
  settle: (lease: AlertLease, delivery: DueDelivery, outcome: DeliveryOutcome) => Promise<boolean>;
  /** How many messages wait, and how many were given up. Messages that ended more than 30 days ago are forgotten. */
  backlog: () => Promise<{ readonly pending: number; readonly dead: number }>;
}
