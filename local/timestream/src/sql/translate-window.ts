import type { Expression, FrameBound, SortItem, WindowFrame, WindowSpec } from './ast.ts';
import { sqlError } from './position.ts';
import type { Scope } from './scope.ts';
import { coerce, isNumeric, isWhole } from './types.ts';
import type { SqlType, Typed } from './types.ts';

/** Translates an expression. */
type Translate = (node: Expression, scope: Scope) => Typed;

/** What stands in OVER (…). */
export function translateWindow(window: WindowSpec, scope: Scope, translate: Translate): string {
  const parts: string[] = [];
  if (window.partitionBy.length > 0)
    parts.push(`PARTITION BY ${window.partitionBy.map((node) => translate(node, scope).sql).join(', ')}`);
  const keys = window.orderBy.map((item) => translate(item.expression, scope));
  const { frame } = window;
  const measure = frame?.unit === 'range' ? rangeMeasure(frame, keys, scope, translate) : undefined;
  if (keys.length > 0) {
    const items = window.orderBy.map((item, index) => {
      const key = keys[index]?.sql ?? '';
      return translateSortItem(item, index === 0 && measure !== undefined ? measure(key) : key);
    });
    parts.push(`ORDER BY ${items.join(', ')}`);
  }
  if (frame !== undefined) {
    const bound = (found: FrameBound): string => translateBound(found, frame, keys[0]?.type, scope, translate);
    parts.push(`${frame.unit.toUpperCase()} BETWEEN ${bound(frame.start)} AND ${bound(frame.end)}`);
  }
  return parts.join(' ');
}

/** A RANGE of an interval is measured in nanoseconds, as intervals are numbers of these. */
function rangeMeasure(
  frame: WindowFrame,
  keys: readonly Typed[],
  scope: Scope,
  translate: Translate,
): ((key: string) => string) | undefined {
  const [first] = keys;
  for (const { offset } of [frame.start, frame.end]) {
    if (offset === undefined) continue;
    if (first === undefined || keys.length > 1)
      throw sqlError(offset.at, 'A RANGE frame with an offset needs exactly one ORDER BY expression');
    const { type } = translate(offset, scope);
    const isTime = first.type === 'timestamp' || first.type === 'date';
    if (isTime && type === 'interval_day_to_second')
      return (key) => `epoch_ns(${coerce({ sql: key, type: first.type }, 'timestamp')})`;
  }
  return undefined;
}

function translateBound(
  bound: FrameBound,
  frame: WindowFrame,
  keyType: SqlType | undefined,
  scope: Scope,
  translate: Translate,
): string {
  if (bound.kind === 'current') return 'CURRENT ROW';
  const direction = bound.direction.toUpperCase();
  if (bound.offset === undefined) return `UNBOUNDED ${direction}`;
  const { sql, type } = translate(bound.offset, scope);
  const isTime = keyType === 'timestamp' || keyType === 'date';
  if (frame.unit === 'rows' ? isWhole(type) : isNumeric(type) && keyType !== undefined && isNumeric(keyType))
    return `${sql} ${direction}`;
  if (frame.unit === 'range' && isTime && type === 'interval_day_to_second') return `${sql} ${direction}`;
  if (frame.unit === 'range' && isTime && type === 'interval_year_to_month')
    return `to_months(CAST(${sql} AS INTEGER)) ${direction}`;
  throw sqlError(bound.offset.at, `The offset of a ${frame.unit.toUpperCase()} frame does not fit its ORDER BY`);
}

/** ORDER BY items; NULLs are last unless the query says otherwise. */
export function translateSortItem(item: SortItem, sql: string): string {
  return `${sql} ${item.descending ? 'DESC' : 'ASC'} NULLS ${item.nulls === 'first' ? 'FIRST' : 'LAST'}`;
}
