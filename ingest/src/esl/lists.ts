import { EslError } from './esl-error.ts';

/** A row of a list, by column. */
export type ListRow = ReadonlyMap<string, string>;

/** Columns of free text. Nothing escapes the bar in them, so a row with too many cells has them here. */
const FREE_TEXT = new Set(['cid_name', 'contact', 'record_template']);

function failed(what: string, detail: string): EslError {
  return new EslError('esl_command_failed', `${what}: ${detail}`);
}

function rowOf(columns: readonly string[], line: string, what: string): ListRow {
  const cells = line.split('|');
  const extra = cells.length - columns.length;
  const freeAt = columns.findIndex((column) => FREE_TEXT.has(column));
  if (extra < 0 || (extra > 0 && freeAt === -1)) throw failed(what, 'a row does not fit the columns.');
  const row = new Map<string, string>();
  for (const [index, column] of columns.entries()) {
    if (extra === 0 || index < freeAt) row.set(column, cells[index] ?? '');
    else if (index > freeAt) row.set(column, cells[index + extra] ?? '');
    else row.set(column, cells.slice(index, index + extra + 1).join('|'));
  }
  return row;
}

/**
 * Reads what `callcenter_config … list` prints: a line of columns, lines of rows, `+OK`. Without rows some lists print
 * `+OK` alone. Throws when the list is not whole, so that nobody takes the half of one for all there is.
 */
export function readBarList(text: string, what: string): ListRow[] {
  const lines = text.split('\n').map((line) => line.replace(/\r$/, ''));
  while (lines.at(-1) === '') lines.pop();
  const last = lines.pop();
  if (text.startsWith('-')) throw failed(what, (text.split('\n')[0] ?? '').trim());
  if (last !== '+OK') throw failed(what, 'the list does not end in +OK.');
  const [head, ...rows] = lines;
  if (head === undefined) return [];
  const columns = head.split('|');
  return rows.map((line) => rowOf(columns, line, what));
}

/** Reads `show channels as json`. Throws when it is no list, or says another number of rows than it has. */
export function readChannels(text: string): ListRow[] {
  const what = 'show channels';
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw failed(what, text.startsWith('-') ? (text.split('\n')[0] ?? '').trim() : 'the reply is no JSON.');
  }
  const { row_count: count, rows = [] } = (value ?? {}) as { row_count?: unknown; rows?: unknown };
  if (!Array.isArray(rows) || count !== rows.length) throw failed(what, 'the reply has not the rows that it counts.');
  return rows.map((row: unknown) => {
    const cells = Object.entries((row ?? {}) as Record<string, unknown>);
    return new Map(cells.filter((cell): cell is [string, string] => typeof cell[1] === 'string'));
  });
}

/** A cell that must be there. */
export function cellOf(row: ListRow, column: string, what: string): string {
  const cell = row.get(column);
  if (cell === undefined || cell === '') throw failed(what, `a row has no ${column}.`);
  return cell;
}

/** An instant in whole epoch seconds as epoch ms; undefined for 0, which means never. */
export function secondsCellMs(row: ListRow, column: string): number | undefined {
  const cell = row.get(column) ?? '';
  return /^\d{1,11}$/.test(cell) && Number(cell) > 0 ? Number(cell) * 1000 : undefined;
}
