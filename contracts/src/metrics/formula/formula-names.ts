import { factDefinition } from '../../facts.ts';
import { METRIC_IDS, isMetricId } from '../catalogue.ts';
import { PARTS, partDefinition } from '../parts.ts';
import type { PartId } from '../parts.ts';
import type { FormulaLeaf } from './formula.ts';

/** Short names of the parts that formulas are mostly about. */
export const FORMULA_SHORT_NAMES = {
  calls: 'call.n',
  answered: 'call.answered',
  abandoned: 'call.abandoned',
  visits: 'visit.n',
  joins: 'join.n',
  flowouts: 'visit.flowout',
  handled: 'handle.n',
  talk: 'handle.talk_ms',
  hold: 'handle.hold_ms',
  acw: 'acw.acw_ms',
} as const satisfies Readonly<Record<string, PartId>>;

const partIds = Object.keys(PARTS) as PartId[];
const isSampled = (id: PartId): boolean => partDefinition(id).fact.endsWith('.level');

/** Parts that a formula can add up. */
export const FORMULA_PARTS: readonly PartId[] = partIds.filter((id) => !isSampled(id) && id !== 'ingest.lag_ms');
/** Every name that a formula may use, for completion in an editor. */
export const FORMULA_NAMES: readonly string[] = [
  ...Object.keys(FORMULA_SHORT_NAMES),
  ...FORMULA_PARTS,
  ...METRIC_IDS.filter((id) => id !== 'ingest_lag'),
  'elapsed',
];

/** What a name stands for; undefined where it stands for nothing. Parts may be led by their table: `queue.visit.n`. */
export function lookUpName(name: string): FormulaLeaf['target'] | undefined {
  if (Object.hasOwn(FORMULA_SHORT_NAMES, name)) {
    return { kind: 'part', id: FORMULA_SHORT_NAMES[name as keyof typeof FORMULA_SHORT_NAMES] };
  }
  if (isMetricId(name) && name !== 'ingest_lag') return { kind: 'metric', id: name };
  const part = FORMULA_PARTS.find((id) => id === name || `${tableOf(id)}.${id}` === name);
  return part === undefined ? undefined : { kind: 'part', id: part };
}

function tableOf(id: PartId): string {
  return factDefinition(partDefinition(id).fact).table.replace(/_metrics$/u, '');
}

/** The known name that is nearest to a wrong one, if one is near. */
export function nearestName(name: string): string | undefined {
  const near = FORMULA_NAMES.map((known) => ({ known, distance: editDistance(name, known) })).sort(
    (a, b) => a.distance - b.distance,
  )[0];
  return near !== undefined && near.distance <= Math.max(1, name.length / 3) ? near.known : undefined;
}

function editDistance(left: string, right: string): number {
  let row = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let i = 1; i <= left.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= right.length; j += 1) {
      const changed = (row[j - 1] ?? 0) + (left[i - 1] === right[j - 1] ? 0 : 1);
      next.push(Math.min(changed, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
