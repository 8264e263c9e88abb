/** More than a clock that is tuned gains or loses between two looks: someone has set it. */
const SET_BACK_MS = 1000;

/**
 * The local clock, except that it never goes back: a clock that is set back would make old numbers look new. Forward it
 * follows, as after a machine slept; that makes numbers look older than they are until the service's time is known again.
 *
 * `wallNowMs` is the clock on the desk, `elapsedMs` one that nobody can set; both replaceable for tests.
 */
export function steadyClock(
  wallNowMs: () => number = Date.now,
  elapsedMs: () => number = () => performance.now(),
): () => number {
  let aheadMs = wallNowMs() - elapsedMs();
  let setBackMs = 0;
  return () => {
    const wallMs = wallNowMs();
    const driftMs = wallMs - elapsedMs() - aheadMs;
    if (Math.abs(driftMs) >= SET_BACK_MS) {
      aheadMs += driftMs;
      setBackMs += Math.max(0, -driftMs);
    }
    return wallMs + setBackMs;
  };
}
