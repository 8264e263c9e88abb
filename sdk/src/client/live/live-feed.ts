import { MAX_LIVE_QUERIES, MAX_LIVE_SUBSCRIPTIONS } from '@lumina/contracts';
import type { LiveFrame, LiveSubscription, MetricQueryRequest, MetricReply } from '@lumina/contracts';
import type { LuminaError } from '../lumina-error.ts';
import { groupRequests, mergeRequests, shareOf } from '../merge-requests.ts';
import { applyFrame } from './apply-frame.ts';
import { LiveMember } from './live-member.ts';
import { WatchedSubscription } from './watched-subscription.ts';

/** A new answer for one request. */
export interface FeedUpdate {
  readonly member: LiveMember;
  readonly reply: MetricReply;
}

/** What frames led to. */
export interface FeedOutcome {
  readonly updates: readonly FeedUpdate[];
  /** Whether a frame is missing, so that nothing after it can be trusted. */
  readonly hasGap: boolean;
  /** Members of subscriptions that were refused as a whole. */
  readonly refused: readonly LiveMember[];
}

/** The watched requests, how they merge into subscriptions, and what frames make of their replies. */
export class LiveFeed {
  readonly #members = new Map<string, LiveMember>();
  #ids = new Map<string, string>();
  #idsGiven = 0;
  #subscriptions = new Map<string, WatchedSubscription>();

  /** Adds a watcher of a request. */
  join(queryKey: readonly unknown[], request: MetricQueryRequest, listener: () => void): LiveMember {
    const key = JSON.stringify(queryKey);
    let member = this.#members.get(key);
    if (member === undefined) {
      member = new LiveMember(queryKey, request);
      this.#members.set(key, member);
    }
    member.listeners.add(listener);
    return member;
  }

  /** All requests that somebody watches. */
  members(): readonly LiveMember[] {
    return [...this.#members.values()].filter(({ listeners }) => listeners.size > 0);
  }

  /**
   * What to subscribe to now. Requests nobody watches any more are forgotten; what does not fit into one connection is
   * left to polling. Subscriptions that stay as they were keep their id and what is known of them.
   */
  plan(): readonly LiveSubscription[] {
    for (const [key, { listeners }] of this.#members) if (listeners.size === 0) this.#members.delete(key);
    const subscriptions = new Map<string, WatchedSubscription>();
    let queries = 0;
    for (const group of groupsOf([...this.#members.values()])) {
      const request = mergeRequests(group.map((member) => member.request));
      queries += request.queries.length;
      const fits = subscriptions.size < MAX_LIVE_SUBSCRIPTIONS && queries <= MAX_LIVE_QUERIES;
      if (!fits) queries -= request.queries.length;
      for (const member of group) member.setPolled(!fits || member.isPolled);
      if (fits) subscriptions.set(this.#idOf(request), this.#subscriptionOf(request, group));
    }
    this.#subscriptions = subscriptions;
    this.#ids = new Map([...subscriptions.values()].map(({ id, request }) => [JSON.stringify(request), id]));
    return [...subscriptions.values()].map(({ asked }) => asked);
  }

  /** Whether every subscription has something that deltas can be applied to. */
  canResume(): boolean {
    return this.#subscriptions.size > 0 && [...this.#subscriptions.values()].every(({ hasBase }) => hasBase);
  }

  /** A new stream begins. */
  begin(isResumed: boolean): void {
    for (const subscription of this.#subscriptions.values()) subscription.begin(isResumed);
  }

  /** Tells everyone who waits for the connection what went wrong with it; what is shown stays. */
  fail(error: LuminaError): void {
    for (const member of this.#members.values()) if (!member.isPolled) member.fail(error);
  }

  /** Tells everyone that nothing comes any more, by polling neither. */
  close(error: LuminaError): void {
    for (const member of this.#members.values()) {
      member.isPolled = false;
      member.fail(error);
    }
  }

  /** Leaves everything to polling. */
  poll(): void {
    for (const member of this.#members.values()) member.setPolled(true);
  }

  /** Applies frames in order; stops at a gap. */
  receive(frames: readonly LiveFrame[]): FeedOutcome {
    const updates = new Map<LiveMember, MetricReply>();
    const refused: LiveMember[] = [];
    for (const frame of frames) {
      for (const subscription of this.#addressed(frame)) {
        const order = subscription.takePlace(frame);
        if (order === 'known') continue;
        if (order === 'gap' || !this.#apply(subscription, frame, updates)) {
          return { updates: listed(updates), hasGap: true, refused };
        }
        if (subscription.isRefusalOfMany(frame)) refused.push(...subscription.members);
      }
    }
    return { updates: listed(updates), hasGap: false, refused };
  }

  #addressed(frame: LiveFrame): readonly WatchedSubscription[] {
    if (!('request' in frame)) {
      // Only what concerns the whole connection carries no address.
      return frame.event === 'problem' ? [...this.#subscriptions.values()] : [];
    }
    const subscription = this.#subscriptions.get(frame.request);
    return subscription === undefined ? [] : [subscription];
  }

  /** Whether the frame fits to what is known. */
  #apply(subscription: WatchedSubscription, frame: LiveFrame, updates: Map<LiveMember, MetricReply>): boolean {
    if (frame.event === 'problem') {
      subscription.hasBase = false;
      if (!subscription.isRefusalOfMany(frame)) subscription.tellProblem(frame.problem);
      return true;
    }
    if (frame.event === 'snapshot') subscription.hasBase = true;
    if (frame.event === 'delta' && !subscription.hasBase) return false;
    const isAnswer = frame.event === 'snapshot' || frame.event === 'delta';
    subscription.members.forEach((member, index) => {
      const own = isAnswer ? shareOf(frame, index) : frame;
      if (isAnswer) member.answered();
      const reply = applyFrame(member.reply, own);
      if (reply === undefined || reply === member.reply) return;
      member.reply = reply;
      updates.set(member, reply);
    });
    return true;
  }

  #subscriptionOf(request: MetricQueryRequest, members: readonly LiveMember[]): WatchedSubscription {
    const id = this.#idOf(request);
    const known = this.#subscriptions.get(id);
    const isSame = known?.members.every((member, index) => member === members[index]) === true;
    if (known !== undefined && isSame) return known;
    return new WatchedSubscription(id, request, members);
  }

  /** The same subscription keeps its id from plan to plan, which is what resuming needs. */
  #idOf(request: MetricQueryRequest): string {
    const key = JSON.stringify(request);
    const known = this.#ids.get(key);
    if (known !== undefined) return known;
    this.#idsGiven += 1;
    const id = `s${String(this.#idsGiven)}`;
    this.#ids.set(key, id);
    return id;
  }
}

/** Groups in an order that does not depend on who was watched first, so that two viewers of a board ask the same. */
function groupsOf(members: readonly LiveMember[]): LiveMember[][] {
  const sorted = members
    .map((member) => ({ member, request: member.request, key: JSON.stringify(member.request) }))
    .sort((a, b) => (a.key < b.key ? -1 : 1));
  const together = groupRequests(sorted.filter(({ member }) => !member.isAlone));
  const alone = sorted.filter(({ member }) => member.isAlone).map((one) => [one]);
  return [...together, ...alone].map((group) => group.map(({ member }) => member));
}

function listed(updates: ReadonlyMap<LiveMember, MetricReply>): readonly FeedUpdate[] {
  return [...updates].map(([member, reply]) => ({ member, reply }));
}
