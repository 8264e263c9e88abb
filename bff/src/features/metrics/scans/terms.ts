import { PARTS, partDefinition } from '@lumina/contracts';
import type { FactId, PartDefinition, PartId } from '@lumina/contracts';
import { termKey } from './scan.ts';
import type { Term } from './scan.ts';

const partIds = Object.keys(PARTS) as PartId[];

// Kinds whose values are sampled, not added: their parts are read by scans of levels.
const isSampled = ({ fact }: PartDefinition): boolean => fact.endsWith('.level');
// A delay is no quantity that adds up.
const MAXIMA: ReadonlySet<PartId> = new Set<PartId>(['ingest.lag_ms']);

const terms = new Map<PartId, Term>();

/** How a part is read from the rows of its fact. */
export function termOf(part: PartId): Term {
  const term = terms.get(part) ?? makeTerm(part);
  terms.set(part, term);
  return term;
}

function makeTerm(part: PartId): Term {
  const { column, times, where, state } = partDefinition(part);
  const conditions = [
    ...(where === undefined ? [] : [{ column: where.column, op: '=' as const, value: where.equals }]),
    ...(state === undefined ? [] : [{ column: 'state', op: '=' as const, value: state }]),
  ];
  return {
    aggregate: MAXIMA.has(part) ? 'max' : 'sum',
    column,
    ...(times === undefined ? {} : { times }),
    where: conditions,
  };
}

const ofFact = new Map<FactId, readonly Term[]>();
for (const id of partIds) {
  const definition = partDefinition(id);
  if (isSampled(definition)) continue;
  ofFact.set(definition.fact, [...(ofFact.get(definition.fact) ?? []), termOf(id)]);
}

/**
 * The terms that a scan of a fact reads when some are wanted: all parts of the catalogue, then what else is wanted. Reading
 * a few sums more costs nothing next to reading the rows, and everybody who looks at a fact then shares one scan.
 */
export function scanTerms(fact: FactId, wanted: Iterable<Term>): readonly Term[] {
  const found = new Map<string, Term>((ofFact.get(fact) ?? []).map((term) => [termKey(term), term]));
  const further = new Map<string, Term>();
  for (const term of wanted) if (!found.has(termKey(term))) further.set(termKey(term), term);
  return [...found.values(), ...[...further].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, term]) => term)];
}
