import type { LiveFrame, MetricQueryRequest } from '@lumina/contracts';
import { errorFromThrown } from '../lumina-error.ts';
import type { LuminaError } from '../lumina-error.ts';
import { Attendance } from './attendance.ts';
import { ConnectionState, phaseAfter } from './connection-state.ts';
import { TransportLadder } from './ladder.ts';
import type { LiveConnectionOptions } from './live-connection-options.ts';
import { LiveFeed } from './live-feed.ts';
import type { LiveMember } from './live-member.ts';
import { LiveLink } from './live-link.ts';
import { NextStep } from './next-step.ts';
import { Outage } from './outage.ts';
import { findRefused } from './refused.ts';
import { TokenRenewal } from './token-renewal.ts';
import type { LiveEnd } from './transport.ts';

/** Tiles of a page mount one after the other. */
const SETTLE_MS = 30;
/** Pages that lost the same network do not come back in one moment. */
const ONLINE_SPREAD_MS = 200;

/**
 * The one live connection of a client. It carries everything that is watched, is opened anew when that changes, and comes
 * back by itself; what is shown meanwhile stays.
 */
export class LiveConnection {
  /** How the connection is. */
  readonly state: ConnectionState;
  readonly #options: LiveConnectionOptions;
  readonly #feed = new LiveFeed();
  readonly #ladder: TransportLadder;
  readonly #link: LiveLink;
  readonly #outage: Outage;
  readonly #attendance: Attendance;
  readonly #renewal: TokenRenewal;
  readonly #next: NextStep;
  readonly #settling: NextStep;
  #asked = '';
  #lastId: string | undefined;
  #refusal: LuminaError | undefined;
  #isDestroyed = false;

  constructor(options: LiveConnectionOptions) {
    const { managers, http, localNowMs } = options;
    this.#options = options;
    this.state = new ConnectionState(localNowMs);
    this.#next = new NextStep(managers.timers);
    this.#settling = new NextStep(managers.timers);
    this.#ladder = new TransportLadder(options.names, options.transports);
    this.#outage = new Outage(localNowMs, managers.random);
    this.#link = new LiveLink({
      ladder: this.#ladder,
      timers: managers.timers,
      localNowMs,
      probe: () => http.request({ method: 'GET', path: 'api/session' }),
      onFrames: (frames) => {
        this.#receive(frames);
      },
      onEnd: (end) => {
        this.#onEnd(end);
      },
    });
    this.#attendance = new Attendance({
      ...managers,
      onPause: (isPaused) => {
        this.#onPause(isPaused);
      },
      onGlance: () => {
        if (this.#outage.isOn) this.#connect();
      },
      onNetwork: (isOnline) => {
        this.#onNetwork(isOnline);
      },
    });
    this.#renewal = new TokenRenewal({
      ...options,
      timers: managers.timers,
      onRefused: (error) => {
        if (error.code === 'AUTH_REQUIRED') this.#close(error);
        else this.#reopen();
      },
    });
  }

  /** Whether nothing is asked, neither here nor by polling. */
  get isPaused(): boolean {
    return this.#attendance.isPaused;
  }

  /** Watches a request; `listener` is told when its error or the way of asking changes. */
  join(queryKey: readonly unknown[], request: MetricQueryRequest, listener: () => void): LiveMember {
    const member = this.#feed.join(queryKey, request, listener);
    member.error ??= this.#refusal;
    this.#settle();
    return member;
  }

  /** Ends a watch. */
  leave(member: LiveMember, listener: () => void): void {
    member.listeners.delete(listener);
    if (member.listeners.size === 0) this.#settle();
  }

  /** Tries at once what would be tried later, or not at all after a refusal. */
  retry(): void {
    if (this.#refusal === undefined && !this.#outage.isOn) return;
    this.#refusal = undefined;
    this.#connect();
  }

  /** Pauses by hand. */
  suspend(): void {
    this.#attendance.suspend(true);
  }

  /** Goes on after `suspend()`; after a refusal this tries again. */
  resume(): void {
    this.#attendance.suspend(false);
    this.retry();
  }

  /** Tells how polling goes, while that is the transport. */
  polled(error: LuminaError | undefined): void {
    if (this.#ladder.name !== 'polling' || this.isPaused || this.#isDestroyed) return;
    if (error === undefined) this.state.move('open', 'polling');
    else if (error.code === 'UPGRADE_REQUIRED') this.#close(error);
    else this.state.move(error.code === 'OFFLINE' ? 'offline' : 'retrying', 'polling');
  }

  /** Ends everything. */
  destroy(): void {
    this.#isDestroyed = true;
    this.#attendance.stop();
    this.#settling.cancel();
    this.#drop();
    this.state.move('closed');
  }

  get #isStopped(): boolean {
    return this.isPaused || this.#isDestroyed || this.#refusal !== undefined;
  }

  #settle(): void {
    if (this.#settling.isSet || this.#isDestroyed) return;
    this.#settling.after(SETTLE_MS, () => {
      // After a loss the next attempt asks for the new set by itself.
      if (this.#outage.isOn) return;
      const asked = JSON.stringify(this.#feed.plan());
      const isPolling = this.state.status.transport === 'polling' && this.#ladder.transport === undefined;
      if (isPolling && asked !== '[]') this.#feed.poll();
      else if (!this.#link.isUp || asked !== this.#asked) this.#connect();
    });
  }

  /** Opens a stream for what is watched now, in place of the one there is. */
  readonly #connect = (): void => {
    this.#drop();
    if (this.#isStopped) return;
    const requests = this.#feed.plan();
    const { transport, name } = this.#ladder;
    if (requests.length === 0) {
      this.#outage.forget();
      this.state.move('idle', name);
      return;
    }
    if (transport === undefined) {
      this.#poll();
      return;
    }
    const asked = JSON.stringify(requests);
    const canResume = this.#lastId !== undefined && asked === this.#asked && this.#feed.canResume();
    this.#asked = asked;
    this.#feed.begin(canResume);
    const { phase } = this.state.status;
    this.state.move(this.#outage.isOn || phase === 'open' ? phase : 'connecting', name);
    this.#link.open(transport, { requests, resume: canResume ? this.#lastId : undefined }, this.#outage.isOn);
  };

  #poll(): void {
    this.#outage.forget();
    this.#feed.poll();
    this.state.move('connecting', 'polling');
    if (!this.#ladder.isDown) return;
    this.#next.after(this.#ladder.climbAfterMs(), () => {
      this.#ladder.climb();
      this.#connect();
    });
  }

  #receive(frames: readonly LiveFrame[]): void {
    this.#outage.mended();
    this.#ladder.settle();
    this.state.move('open', this.#ladder.name);
    const { updates, hasGap, refused } = this.#feed.receive(frames);
    if (updates.length > 0) this.#options.publish(updates);
    if (hasGap) {
      this.#reopen();
      return;
    }
    this.#lastId = frames.at(-1)?.id;
    if (refused.length > 0) void this.#separate(refused);
    for (const frame of frames) {
      if (frame.event === 'alert') this.#options.onAlert(frame);
      if (frame.event === 'reauth') this.#renewal.renew(frame.stream, frame.expiresAt);
      if (frame.event === 'bye') this.#again('retrying', frame.retryMs);
    }
  }

  /** Asks for everything anew: what came cannot be trusted to be complete. */
  #reopen(): void {
    this.#lastId = undefined;
    this.#again('retrying', undefined);
  }

  /** Of several that were refused together, those that are wrong travel alone from now on. */
  async #separate(members: readonly LiveMember[]): Promise<void> {
    const { ask, publish } = this.#options;
    const { refused, updates } = await findRefused(members, ask);
    publish(updates);
    for (const member of refused) member.isAlone = true;
    this.#settle();
  }

  #onEnd({ kind, error }: LiveEnd): void {
    if (kind === 'unusable') this.#descend(error);
    else if (error.code === 'AUTH_REQUIRED' && error.status === undefined) this.#withoutToken(error);
    else if (error.retryable) this.#lost(error);
    else this.#close(error);
  }

  /** A first loss is not told: the next attempt follows at once, and the age of the data speaks for itself. */
  #lost(error: LuminaError): void {
    const isOnline = this.#options.managers.online.isOnline();
    const isTold = this.#outage.failures > 0 || error.status !== undefined || !isOnline;
    if (isTold) this.#feed.fail(error);
    this.#again(!isOnline || (isTold && error.code === 'OFFLINE') ? 'offline' : 'retrying', error.retryAfterMs);
  }

  #again(phase: 'offline' | 'retrying', retryAfterMs: number | undefined): void {
    this.#drop();
    this.state.move(phase);
    this.#next.after(this.#outage.failed(retryAfterMs), this.#connect);
  }

  /** The host gave no token: everyone is told, and it is asked again, ever more rarely. */
  #withoutToken(error: LuminaError): void {
    this.#feed.fail(error);
    this.state.move('retrying');
    this.#next.after(this.#outage.tokenFailed(), this.#connect);
  }

  /** The service refused for good. */
  #close(error: LuminaError): void {
    this.#drop();
    this.#refusal = error;
    this.#feed.close(error);
    this.state.move(phaseAfter(error));
  }

  /** This transport does not work here: the next one. */
  #descend(error: LuminaError): void {
    this.#lastId = undefined;
    if (this.#ladder.drop()) {
      this.#outage.forget();
      this.#connect();
      return;
    }
    this.#feed.fail(error);
    this.#again('retrying', error.retryAfterMs);
  }

  #onPause(isPaused: boolean): void {
    this.#drop();
    if (isPaused) this.state.move('paused');
    else if (this.#refusal !== undefined) this.state.move(phaseAfter(this.#refusal));
    else this.#comeBack(0);
    for (const member of this.#feed.members()) member.notify();
  }

  #onNetwork(isOnline: boolean): void {
    if (this.#isStopped || this.#feed.members().length === 0) return;
    if (isOnline) this.#comeBack(this.#options.managers.random() * ONLINE_SPREAD_MS);
    else this.#lost(errorFromThrown(new Error('The machine has no network.'), false));
  }

  /** After a break the token comes first; whatever becomes of it, the connection is tried, from the best transport on. */
  #comeBack(delayMs: number): void {
    this.#drop();
    this.#outage.forget();
    this.#ladder.climb();
    this.state.move('connecting', this.#ladder.name);
    this.#next.after(delayMs, () => {
      this.#next.when(this.#options.tokens.resumed(), this.#connect);
    });
  }

  /** Lets go of the stream and of whatever was to happen next. */
  #drop(): void {
    this.#next.cancel();
    this.#renewal.stop();
    this.#link.drop();
  }
}
