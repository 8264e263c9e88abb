import type { TimeRange } from '../time/range.ts';

/** Disjoint ranges in order, none touching the next. */
export type Spans = readonly TimeRange[];

/** What of a range the spans do not hold. */
export function missingFrom(spans: Spans, { fromMs, toMs }: TimeRange): TimeRange[] {
  const missing: TimeRange[] = [];
  let atMs = fromMs;
  for (const span of spans) {
    if (span.toMs <= atMs) continue;
    if (span.fromMs >= toMs) break;
    if (span.fromMs > atMs) missing.push({ fromMs: atMs, toMs: span.fromMs });
    atMs = span.toMs;
  }
  if (atMs < toMs) missing.push({ fromMs: atMs, toMs });
  return missing;
}

/** The spans and a range more. */
export function withSpan(spans: Spans, added: TimeRange): TimeRange[] {
  if (added.fromMs >= added.toMs) return [...spans];
  const apart = spans.filter(({ fromMs, toMs }) => toMs < added.fromMs || fromMs > added.toMs);
  const met = spans.filter(({ fromMs, toMs }) => toMs >= added.fromMs && fromMs <= added.toMs);
  const joined = {
    fromMs: Math.min(added.fromMs, ...met.map(({ fromMs }) => fromMs)),
    toMs: Math.max(added.toMs, ...met.map(({ toMs }) => toMs)),
  };
  return [...apart, joined].sort((a, b) => a.fromMs - b.fromMs);
}

/** The spans less a range. */
export function withoutSpan(spans: Spans, removed: TimeRange): TimeRange[] {
  return spans.flatMap((span) => missingFrom([removed], span));
}

/** Gaps that lie near each other as one: a little read twice is cheaper than a query more. */
export function bridged(gaps: Spans, nearMs: number): TimeRange[] {
  const joined: TimeRange[] = [];
  for (const gap of gaps) {
    const last = joined.at(-1);
    if (last !== undefined && gap.fromMs - last.toMs <= nearMs) joined[joined.length - 1] = { ...last, toMs: gap.toMs };
    else joined.push(gap);
  }
  return joined;
}
