import type { Expression } from './ast.ts';
import { parseDuration } from './duration.ts';
import { sqlError } from './position.ts';
import type { TokenStream } from './token-stream.ts';

const UNIT_DURATIONS: Record<string, string> = { day: 'd', hour: 'h', minute: 'm', second: 's' };

/** `INTERVAL '5' MINUTE`, `INTERVAL '3' MONTH`, `INTERVAL '2-7' YEAR TO MONTH`. */
export function parseInterval(stream: TokenStream): Expression {
  const { at } = stream.next();
  const sign = stream.acceptSymbol('-') ? -1n : 1n;
  const text = stream.string();
  const unit = stream.name().text.toLowerCase();
  if (stream.acceptWord('to')) {
    const [, years, months] = /^(\d+)-(\d+)$/.exec(text) ?? [];
    if (unit !== 'year' || !stream.acceptWord('month') || years === undefined || months === undefined) {
      throw sqlError(at, `Invalid interval literal: ${text}`);
    }
    return { kind: 'months', months: sign * (BigInt(years) * 12n + BigInt(months)), at };
  }
  if (/^\d+$/.test(text) && (unit === 'year' || unit === 'month')) {
    return { kind: 'months', months: sign * BigInt(text) * (unit === 'year' ? 12n : 1n), at };
  }
  const ns = parseDuration(`${text}${UNIT_DURATIONS[unit] ?? '?'}`);
  if (ns === undefined) throw sqlError(at, `Invalid interval literal: ${text}`);
  return { kind: 'duration', ns: sign * ns, at };
}
