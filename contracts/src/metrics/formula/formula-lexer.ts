import { FormulaError } from './formula-error.ts';
import type { FormulaSpan } from './formula-error.ts';

/** One word of a formula. `value` is the number, the milliseconds of a duration, or the text of a string. */
export type FormulaToken =
  | { readonly kind: 'name' | 'symbol' | 'text' | 'end'; readonly text: string; readonly at: FormulaSpan }
  | { readonly kind: 'number' | 'duration'; readonly text: string; readonly value: number; readonly at: FormulaSpan };

/** Characters of a formula. */
export const MAX_FORMULA_LENGTH = 2_000;

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const WORD =
  /(?<space>\s+)|(?<number>\d+(?:\.\d+)?)(?<unit>[A-Za-z_]\w*)?|(?<name>[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)|'(?<text>(?:[^']|'')*)'|(?<symbol>!=|[-+*/(),=])/uy;

/** Cuts a formula into words, the last of them `end`; throws {@link FormulaError}. */
export function readWords(text: string): FormulaToken[] {
  if (text.length > MAX_FORMULA_LENGTH) {
    const at = { start: MAX_FORMULA_LENGTH, end: text.length };
    throw new FormulaError(`A formula has at most ${String(MAX_FORMULA_LENGTH)} characters.`, text, at);
  }
  const tokens: FormulaToken[] = [];
  let start = 0;
  while (start < text.length) {
    WORD.lastIndex = start;
    const match = WORD.exec(text);
    if (match === null) {
      const isText = text.charAt(start) === "'";
      const message = isText
        ? "This text does not end; close it with '."
        : `"${String.fromCodePoint(text.codePointAt(start) ?? 0)}" means nothing in a formula.`;
      throw new FormulaError(message, text, { start, end: isText ? text.length : start + 1 });
    }
    const at = { start, end: WORD.lastIndex };
    start = at.end;
    const token = tokenOf(match, at, text);
    if (token !== undefined) tokens.push(token);
  }
  return [...tokens, { kind: 'end', text: 'the end', at: { start: text.length, end: text.length } }];
}

function tokenOf(match: RegExpExecArray, at: FormulaSpan, source: string): FormulaToken | undefined {
  const { space, number, unit, name, text, symbol } = match.groups ?? {};
  const [whole] = match;
  if (space !== undefined) return undefined;
  if (name !== undefined) return { kind: 'name', text: name, at };
  if (symbol !== undefined) return { kind: 'symbol', text: symbol, at };
  if (number === undefined) return { kind: 'text', text: (text ?? '').replaceAll("''", "'"), at };
  if (unit === undefined) return { kind: 'number', text: whole, value: Number(number), at };
  const unitMs = Object.hasOwn(UNIT_MS, unit) ? UNIT_MS[unit] : undefined;
  if (unitMs === undefined) {
    throw new FormulaError(`"${whole}" is no number and no duration; durations end in ms, s, m, h or d.`, source, at);
  }
  return { kind: 'duration', text: whole, value: Number(number) * unitMs, at };
}
