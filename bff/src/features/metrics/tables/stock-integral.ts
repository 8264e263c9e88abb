import { BEAT_SERIES } from '@lumina/contracts';
import { MINUTE_MS } from '../time/grid.ts';
import type { MinuteFlow, MinuteLevel } from '../scans/scan.ts';

/** For how many minutes after the last one with a beat a level is carried on by flows alone. */
export const CARRY_MINUTES = 15;
/** What must be read before the first minute: its anchor may lie this far back. */
export const LOOK_BACK_MS = (CARRY_MINUTES + 1) * MINUTE_MS;

/** Level times time of one series in one minute; null where no sample anchors it. */
export interface MinuteIntegral {
  readonly minuteMs: number;
  readonly series: string;
  readonly integralMs: number | null;
}

export interface StockMinutes {
  readonly integrals: readonly MinuteIntegral[];
  /** Minutes, of those asked for, in which some part anchors the level. */
  readonly known: ReadonlySet<number>;
  /** Of these, minutes that follow a minute without a beat. */
  readonly drifting: ReadonlySet<number>;
}

interface Net {
  n: number;
  weightedMs: number;
  /** Net flow after the last beat of the minute, per part. */
  readonly afterBeat: Map<string, number>;
  /** The flows that are in it: each comes once per part that beat in its minute. */
  readonly counted: string[];
}

interface SeriesState {
  part: string | undefined;
  closing: number | null;
}

/**
 * Rebuilds the level of every series minute by minute: from the last beat of the minute before and the flows after it,
 * or, where that minute has no beat, from the closing level of the minute before, for at most fifteen minutes.
 * `untilMs` cuts the last minute short.
 */
export function integrateStock(
  levels: readonly MinuteLevel[],
  flows: readonly MinuteFlow[],
  outflows: ReadonlySet<string>,
  span: { readonly fromMs: number; readonly untilMs: number },
): StockMinutes {
  const beats = beatsByMinute(levels);
  const rows = rowsByMinute(levels);
  const nets = netsByMinute(flows, outflows);
  const states = statesOf(levels, flows);
  const lastBeat = new Map<string, number>();
  const integrals: MinuteIntegral[] = [];
  const known = new Set<number>();
  const drifting = new Set<number>();
  for (let startMs = span.fromMs - LOOK_BACK_MS; startMs < span.untilMs; startMs += MINUTE_MS) {
    const beforeMs = startMs - MINUTE_MS;
    const before = beats.get(beforeMs);
    for (const part of before?.keys() ?? []) lastBeat.set(part, beforeMs);
    const alive = partsAlive(lastBeat, startMs);
    const isAsked = startMs >= span.fromMs;
    if (isAsked && alive.length > 0) known.add(startMs);
    if (isAsked && alive.some((part) => before?.has(part) !== true)) drifting.add(startMs);
    for (const [series, state] of states) {
      const row = rows.get(beforeMs)?.get(series);
      state.part = row?.part ?? state.part;
      if (state.part === undefined || !alive.includes(state.part)) state.part = alive[0];
      const opening = openingLevel(state, row, before, nets.get(beforeMs)?.get(series));
      const net = nets.get(startMs)?.get(series);
      state.closing = opening === null ? null : opening + (net?.n ?? 0);
      if (isAsked)
        integrals.push({ minuteMs: startMs, series, integralMs: integralOf(opening, net, startMs, span.untilMs) });
    }
  }
  return { integrals, known, drifting };
}

function openingLevel(
  state: SeriesState,
  row: MinuteLevel | undefined,
  before: ReadonlyMap<string, number> | undefined,
  net: Net | undefined,
): number | null {
  if (state.part === undefined) return null;
  const beatMs = before?.get(state.part);
  if (beatMs === undefined) return state.closing;
  // A series without a row at its part's last beat was empty then.
  const sampled = row?.part === state.part && row.slotMs === beatMs ? row.level : 0;
  return sampled + (net?.afterBeat.get(state.part) ?? 0);
}

function integralOf(opening: number | null, net: Net | undefined, startMs: number, untilMs: number): number | null {
  if (opening === null) return null;
  const minuteEndMs = startMs + MINUTE_MS;
  const endMs = Math.min(minuteEndMs, untilMs);
  // The weights reach to the end of the minute; what lies beyond the cut is taken off again.
  const beyondMs = minuteEndMs - endMs;
  return opening * (endMs - startMs) + (net?.weightedMs ?? 0) - (net?.n ?? 0) * beyondMs;
}

function partsAlive(lastBeat: ReadonlyMap<string, number>, startMs: number): string[] {
  const oldestMs = startMs - CARRY_MINUTES * MINUTE_MS;
  return [...lastBeat]
    .filter(([, beatMs]) => beatMs >= oldestMs)
    .map(([part]) => part)
    .sort();
}

function beatsByMinute(levels: readonly MinuteLevel[]): Map<number, Map<string, number>> {
  const beats = new Map<number, Map<string, number>>();
  for (const { series, minuteMs, part, slotMs } of levels) {
    if (series === BEAT_SERIES) at(beats, minuteMs).set(part, slotMs);
  }
  return beats;
}

/**
 * Per minute and series the newest row: a series belongs to that row's part. Where two parts tell of a series at one instant
 * the order in which rows were read must not decide.
 */
function rowsByMinute(levels: readonly MinuteLevel[]): Map<number, Map<string, MinuteLevel>> {
  const rows = new Map<number, Map<string, MinuteLevel>>();
  for (const row of levels) {
    if (row.series === BEAT_SERIES) continue;
    const minute = at(rows, row.minuteMs);
    const known = minute.get(row.series);
    if (known === undefined || isNewer(row, known)) minute.set(row.series, row);
  }
  return rows;
}

function isNewer(row: MinuteLevel, known: MinuteLevel): boolean {
  return row.slotMs === known.slotMs ? row.part > known.part : row.slotMs > known.slotMs;
}

function netsByMinute(flows: readonly MinuteFlow[], outflows: ReadonlySet<string>): Map<number, Map<string, Net>> {
  const nets = new Map<number, Map<string, Net>>();
  for (const { minuteMs, series, fact, part, n, weightedMs, afterBeat } of flows) {
    const sign = outflows.has(fact) ? -1 : 1;
    const minute = at(nets, minuteMs);
    const net = minute.get(series) ?? { n: 0, weightedMs: 0, afterBeat: new Map<string, number>(), counted: [] };
    minute.set(series, net);
    if (!net.counted.includes(fact)) {
      net.counted.push(fact);
      net.n += sign * n;
      net.weightedMs += sign * weightedMs;
    }
    if (part !== undefined) net.afterBeat.set(part, (net.afterBeat.get(part) ?? 0) + sign * afterBeat);
  }
  return nets;
}

function statesOf(levels: readonly MinuteLevel[], flows: readonly MinuteFlow[]): Map<string, SeriesState> {
  const states = new Map<string, SeriesState>();
  for (const rows of [levels, flows]) {
    for (const { series } of rows) {
      if (series !== BEAT_SERIES && !states.has(series)) states.set(series, { part: undefined, closing: null });
    }
  }
  return states;
}

function at<Value>(outer: Map<number, Map<string, Value>>, key: number): Map<string, Value> {
  let inner = outer.get(key);
  if (inner === undefined) {
    inner = new Map();
    outer.set(key, inner);
  }
  return inner;
}
