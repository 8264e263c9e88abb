import type { LiveFrame, LiveSubscription, MetricQueryRequest } from '@lumina/contracts';
import { errorFromReply } from '../lumina-error.ts';
import { placeOf } from './live-frame.ts';
import type { FramePlace } from './live-frame.ts';
import type { LiveMember } from './live-member.ts';

/** Several watched requests that travel as one subscription, and how far its frames have come. */
export class WatchedSubscription {
  readonly id: string;
  readonly request: MetricQueryRequest;
  /** In the order of their queries in the request. */
  readonly members: readonly LiveMember[];
  /** Whether a snapshot came, so that deltas can be applied. */
  hasBase = false;
  #last: FramePlace | undefined;
  /** Whether what was already seen may come again: at the beginning of a resumed stream. */
  #mayRepeat = false;

  constructor(id: string, request: MetricQueryRequest, members: readonly LiveMember[]) {
    this.id = id;
    this.request = request;
    this.members = members;
  }

  /** The subscription as it is asked for. */
  get asked(): LiveSubscription {
    return { ...this.request, id: this.id };
  }

  /** A new stream begins. */
  begin(isResumed: boolean): void {
    this.#mayRepeat = isResumed;
    if (isResumed) return;
    this.hasBase = false;
    this.#last = undefined;
  }

  /** Frames of one subscription come in the order of their numbers; whether this one does. */
  takePlace({ id, event }: LiveFrame): 'next' | 'known' | 'gap' {
    const place = placeOf(id);
    if (place === undefined) return 'next';
    const last = this.#last;
    if (last?.epoch === place.epoch && place.sequence <= last.sequence) return this.#mayRepeat ? 'known' : 'gap';
    // Another process begins with a snapshot: what it says is no change of what the former one said.
    if (last !== undefined && last.epoch !== place.epoch && event === 'delta') return 'gap';
    this.#mayRepeat = false;
    this.#last = place;
    return 'next';
  }

  /** Whether a frame refuses several at once. Which of them is wrong has to be found out; until then none is told. */
  isRefusalOfMany(frame: LiveFrame): boolean {
    return frame.event === 'problem' && frame.problem.code === 'invalid_request' && this.members.length > 1;
  }

  /** Tells all members why there is no answer. */
  tellProblem(problem: Extract<LiveFrame, { readonly event: 'problem' }>['problem']): void {
    const error = errorFromReply({ status: problem.status, body: problem, retryAfterMs: undefined, requestId: null });
    for (const member of this.members) member.fail(error);
  }
}
