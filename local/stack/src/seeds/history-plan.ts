import { join } from 'node:path';
import { readIfPresent, writePrivate } from '../data-folder.ts';

/** Which past a data folder was, or is to be, seeded with. */
export interface HistoryPlan {
  readonly fromMs: number;
  readonly toMs: number;
  /** Where the simulated world begins; a live run from the same beginning continues the past without a seam. */
  readonly worldStartMs: number;
  readonly isDone: boolean;
}

const HISTORY_FILE = 'history.json';
/** A day, and what boards compare the last two hours of it with. */
const HISTORY_MS = 26 * 3_600_000;
/** Calls and shifts need this long to become what they are at an ordinary time. */
const WARM_UP_MS = 1_800_000;

/** The plan kept in a data folder, if any. */
export function readHistoryPlan(dataDir: string): HistoryPlan | undefined {
  const text = readIfPresent(join(dataDir, HISTORY_FILE));
  return text === undefined ? undefined : (JSON.parse(text) as HistoryPlan);
}

/** Decides on the day before now. Written down before it is carried out, so that a broken run is repeated exactly. */
export function planHistory(dataDir: string, nowMs: number): HistoryPlan {
  const fromMs = nowMs - HISTORY_MS;
  const plan = { fromMs, toMs: nowMs, worldStartMs: fromMs - WARM_UP_MS, isDone: false };
  writePrivate(join(dataDir, HISTORY_FILE), JSON.stringify(plan));
  return plan;
}

/** Notes that the whole plan is in the store. */
export function completeHistory(dataDir: string, plan: HistoryPlan): void {
  writePrivate(join(dataDir, HISTORY_FILE), JSON.stringify({ ...plan, isDone: true }));
}
