import { FACTS, type Fact, type FactDefinition } from '@lumina/contracts';

import { DecodeError } from './decode-error.ts';
import type { Fields } from './event-plan.ts';

/** What a process may tell of itself through the stream; every other fact comes from an event. */
const ACCOUNTING_FACTS: Readonly<Record<string, FactDefinition>> = {
  'system_metrics.ingest': FACTS['system_metrics.ingest'],
  'system_metrics.source': FACTS['system_metrics.source'],
};
/** Far more than one process has to tell at once. */
const MOST_FACTS = 10_000;
const LONGEST_DIMENSION = 200;

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isDimension(value: unknown): boolean {
  return typeof value === 'string' && value !== '' && value.length <= LONGEST_DIMENSION;
}

function hasExactly(fields: unknown, names: readonly string[], isValue: (value: unknown) => boolean): boolean {
  if (!isObject(fields) || Object.keys(fields).length !== names.length) return false;
  return names.every((name) => Object.hasOwn(fields, name) && isValue(fields[name]));
}

function isAccountingFact(value: unknown, regionId: number): value is Fact {
  if (!isObject(value) || value['eid'] !== undefined || value['regionId'] !== regionId) return false;
  const id = `${String(value['table'])}.${String(value['name'])}`;
  const definition = Object.hasOwn(ACCOUNTING_FACTS, id) ? ACCOUNTING_FACTS[id] : undefined;
  return (
    definition !== undefined &&
    isCount(value['territoryId']) &&
    isCount(value['timeMs']) &&
    isCount(value['version']) &&
    value['version'] > 0 &&
    hasExactly(value['dimensions'], definition.dimensions, isDimension) &&
    hasExactly(value['measures'], Object.keys(definition.measures), isCount)
  );
}

/** Checks the body of a record of accounting: facts of this region that count deliveries, and nothing else. */
export function checkAccountingBody(body: unknown, regionId: number): Fact[] {
  if (!Array.isArray(body) || body.length > MOST_FACTS)
    throw new DecodeError('invalid_event', `/: must be an array of at most ${String(MOST_FACTS)} accounting facts`);
  const wrong = body.findIndex((fact) => !isAccountingFact(fact, regionId));
  if (wrong !== -1) throw new DecodeError('invalid_event', `/${String(wrong)}: is no accounting fact of this region`);
  return body as Fact[];
}
