/** The instant of every story: a Tuesday in March, while London has winter time. */
export const STORY_NOW_MS = Date.UTC(2026, 2, 17, 10, 42, 30);

/**
 * Stops the clock of this page. Stories tell ages and draw points as a function of now: with a clock that stands, two
 * looks at one story are equal. Timers run on.
 */
export function stopClock(): void {
  Date.now = () => STORY_NOW_MS;
}
