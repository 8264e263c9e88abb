import { stringify } from 'csv-stringify/sync';
import type { AuditEntry } from '@lumina/contracts';

const COLUMNS = ['at', 'action', 'actor', 'roles', 'reason', 'target_kind', 'target_id', 'detail', 'id'] as const;

/**
 * RFC 4180: every cell in quotes, lines end in CR LF. A cell that a spreadsheet would run as a formula begins with an
 * apostrophe instead.
 */
function lines(records: readonly (readonly string[])[]): string {
  return stringify([...records], {
    quoted: true,
    quoted_empty: true,
    escape_formulas: true,
    record_delimiter: 'windows',
  });
}

/** The first line. */
export function csvHeader(): string {
  return lines([COLUMNS]);
}

/** One line for each act. */
export function csvOf(entries: readonly AuditEntry[]): string {
  return lines(
    entries.map(({ at, action, actor, reason, target, detail, id }) => [
      at,
      action,
      actor.sub,
      actor.roles.join(' '),
      reason ?? '',
      target?.kind ?? '',
      target?.id ?? '',
      JSON.stringify(detail),
      id,
    ]),
  );
}
