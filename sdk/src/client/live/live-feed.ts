import { MAX_LIVE_QUERIES, MAX_LIVE_SUBSCRIPTIONS } from '@lumina/contracts';
import type { LiveFrame, LiveSubscription, MetricQueryRequest, MetricReply } from '@lumina/contracts';
import { errorFromReply } from '../lumina-error.ts';
import type { LuminaError } from '../lumina-error.ts';
import { groupRequests, mergeRequests, shareOf } from '../merge-requests.ts';
import { applyFrame } from './apply-frame.ts';
import { placeOf } from './live-frame.ts';
import type { FramePlace } from './live-frame.ts';

/** One watched request: however many watch it, it is asked once. */
export class LiveMember {
  readonly queryKey: readonly unknown[];
  readonly request: MetricQueryRequest;
  /** Told when the error or the way of asking changes. */
  readonly listeners = new Set<() => void>();
  /** What frames are applied to. */
  reply: MetricReply | undefined;
  error: LuminaError | undefined;
  /** Whether it is asked by polling now. */
  isPolled = false;
  /** Whether it travels alone, since together with others it was refused. */
  isAlone = false;

  constructor(queryKey: readonly unknown[], request: MetricQueryRequest) {
    this.queryKey = queryKey;
    this.request = request;
  }

  /** Tells that something changed. */
  notify(): void {
    for (const listener of [...this.listeners]) listener();
  }
}

/** Several requests that travel as one subscription. */
interface Topic {
  readonly id: string;
  readonly request: MetricQueryRequest;
  readonly members: readonly LiveMember[];
  /** Whether a snapshot came, so that deltas can be applied. */
  hasBase: boolean;
  last: FramePlace | undefined;
  /** Whether what was already seen may come again: at the beginning of a resumed channel. */
  mayRepeat: boolean;
}

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
  #topics = new Map<string, Topic>();

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
    const topics = new Map<string, Topic>();
    let queries = 0;
    for (const group of groupsOf([...this.#members.values()])) {
      const request = mergeRequests(group.map((member) => member.request));
      queries += request.queries.length;
      const fits = topics.size < MAX_LIVE_SUBSCRIPTIONS && queries <= MAX_LIVE_QUERIES;
      if (!fits) queries -= request.queries.length;
      for (const member of group) setPolled(member, !fits || member.isPolled);
      if (fits) topics.set(this.#idOf(request), this.#topicOf(request, group));
    }
    this.#topics = topics;
    this.#ids = new Map([...topics.values()].map(({ id, request }) => [JSON.stringify(request), id]));
    return [...topics.values()].map(({ id, request }) => ({ ...request, id }));
  }

  /** Whether every subscription has something that deltas can be applied to. */
  canResume(): boolean {
    return this.#topics.size > 0 && [...this.#topics.values()].every(({ hasBase }) => hasBase);
  }

  /** A new channel begins. */
  begin(isResumed: boolean): void {
    for (const topic of this.#topics.values()) {
      topic.mayRepeat = isResumed;
      if (isResumed) continue;
      topic.hasBase = false;
      topic.last = undefined;
    }
  }

  /** Tells everyone who waits for the connection what went wrong with it; what is shown stays. */
  fail(error: LuminaError): void {
    for (const member of this.#members.values()) if (!member.isPolled) setError(member, error);
  }

  /** Tells everyone that nothing comes any more, by polling neither. */
  close(error: LuminaError): void {
    for (const member of this.#members.values()) {
      member.isPolled = false;
      setError(member, error);
    }
  }

  /** Leaves everything to polling. */
  poll(): void {
    for (const member of this.#members.values()) setPolled(member, true);
  }

  /** Applies frames in order; stops at a gap. */
  receive(frames: readonly LiveFrame[]): FeedOutcome {
    const updates = new Map<LiveMember, MetricReply>();
    const refused: LiveMember[] = [];
    for (const frame of frames) {
      for (const topic of this.#addressed(frame)) {
        const order = takePlace(topic, frame);
        if (order === 'known') continue;
        if (order === 'gap' || !this.#apply(topic, frame, updates)) {
          return { updates: listed(updates), hasGap: true, refused };
        }
        if (isRefusalOfMany(topic, frame)) refused.push(...topic.members);
      }
    }
    return { updates: listed(updates), hasGap: false, refused };
  }

  #addressed(frame: LiveFrame): readonly Topic[] {
    if (!('request' in frame)) {
      // Only what concerns the whole connection carries no address.
      return frame.event === 'problem' ? [...this.#topics.values()] : [];
    }
    const topic = this.#topics.get(frame.request);
    return topic === undefined ? [] : [topic];
  }

  /** Whether the frame fits to what is known. */
  #apply(topic: Topic, frame: LiveFrame, updates: Map<LiveMember, MetricReply>): boolean {
    if (frame.event === 'problem') {
      topic.hasBase = false;
      if (!isRefusalOfMany(topic, frame)) tellProblem(topic, frame.problem);
      return true;
    }
    if (frame.event === 'snapshot') topic.hasBase = true;
    if (frame.event === 'delta' && !topic.hasBase) return false;
    const isAnswer = frame.event === 'snapshot' || frame.event === 'delta';
    topic.members.forEach((member, index) => {
      const own = isAnswer ? shareOf(frame, index) : frame;
      if (isAnswer) setLive(member);
      const reply = applyFrame(member.reply, own);
      if (reply === undefined || reply === member.reply) return;
      member.reply = reply;
      updates.set(member, reply);
    });
    return true;
  }

  #topicOf(request: MetricQueryRequest, members: readonly LiveMember[]): Topic {
    const id = this.#idOf(request);
    const known = this.#topics.get(id);
    const isSame = known?.members.every((member, index) => member === members[index]) === true;
    if (known !== undefined && isSame) return known;
    return { id, request, members, hasBase: false, last: undefined, mayRepeat: false };
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

function setPolled(member: LiveMember, isPolled: boolean): void {
  if (member.isPolled === isPolled) return;
  member.isPolled = isPolled;
  if (isPolled) member.error = undefined;
  member.notify();
}

function setError(member: LiveMember, error: LuminaError): void {
  member.error = error;
  member.notify();
}

/** An answer has come: neither polling nor what went wrong before counts any more. */
function setLive(member: LiveMember): void {
  if (!member.isPolled && member.error === undefined) return;
  member.isPolled = false;
  member.error = undefined;
  member.notify();
}

/** Which of several is wrong has to be found out; until then none of them is told. */
function isRefusalOfMany(topic: Topic, frame: LiveFrame): boolean {
  return frame.event === 'problem' && frame.problem.code === 'invalid_request' && topic.members.length > 1;
}

function listed(updates: ReadonlyMap<LiveMember, MetricReply>): readonly FeedUpdate[] {
  return [...updates].map(([member, reply]) => ({ member, reply }));
}

/** Frames of one subscription come in the order of their numbers. */
function takePlace(topic: Topic, frame: LiveFrame): 'next' | 'known' | 'gap' {
  const place = placeOf(frame.id);
  if (place === undefined) return 'next';
  const { last } = topic;
  if (last !== undefined && last.epoch === place.epoch && place.sequence <= last.sequence) {
    return topic.mayRepeat ? 'known' : 'gap';
  }
  // Another process begins with a snapshot: what it says is no change of what the former one said.
  if (last !== undefined && last.epoch !== place.epoch && frame.event === 'delta') return 'gap';
  topic.mayRepeat = false;
  topic.last = place;
  return 'next';
}

function tellProblem(topic: Topic, problem: Extract<LiveFrame, { readonly event: 'problem' }>['problem']): void {
  const error = errorFromReply({
    status: problem.status,
    body: problem,
    retryAfterMs: undefined,
    requestId: null,
  });
  for (const member of topic.members) setError(member, error);
}
