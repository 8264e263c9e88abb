import { MISSING } from '@lumina/contracts';

import type { DeadLetterArchive } from '../ports/dead-letters.ts';
import { letterKeyText, type DlqArguments } from './dlq-arguments.ts';
import { findLetters, type FoundLetter } from './find-letters.ts';
import { oneLine, printable, type Terminal } from './terminal.ts';

const MESSAGE_LENGTH = 80;
const UNREADABLE = 'unreadable';

type Row = Readonly<Record<string, string | number | undefined>>;

function rowOf(found: FoundLetter): Row {
  const key = letterKeyText(found.key);
  if ('problem' in found) return { key, code: UNREADABLE, message: found.problem };
  const { arrivedMs, code, message, extractorVersion, replayedMs, bytes } = found.letter;
  return {
    key,
    arrived: new Date(arrivedMs).toISOString(),
    code,
    territoryId: found.summary.territoryId,
    source: found.summary.source,
    type: found.summary.type,
    bytes: bytes.length,
    extractorVersion,
    ...(replayedMs === undefined ? {} : { replayed: new Date(replayedMs).toISOString() }),
    message,
  };
}

const HEAD = `${['ARRIVED', 'CODE', 'TERRITORY', 'SOURCE/TYPE', 'BYTES', 'KEY'].join('  ')}\n`;

/** One letter in two lines, since a key alone may be as long as a screen is wide. */
function lineOf(row: Row): string {
  const text = (name: string): string => oneLine(String(row[name] ?? MISSING), MESSAGE_LENGTH);
  const cells = [
    text('arrived').padEnd(24),
    text('code').padEnd(16),
    text('territoryId').padStart(5),
    `${text('source')}/${text('type')}`.padEnd(32),
    text('bytes').padStart(7),
    printable(String(row['key'])),
  ];
  return `${cells.join('  ')}\n    ${text('message')}\n`;
}

function countsText(counts: ReadonlyMap<string, number>): string {
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  const byCode = [...counts].toSorted(([one], [other]) => one.localeCompare(other));
  const parts = byCode.map(([code, count]) => `${code} ${String(count)}`);
  return `${String(total)} dead letters${total === 0 ? '' : `: ${parts.join(', ')}`}\n`;
}

/** Lists letters as they are found, then their count by code. */
export async function listLetters(
  archive: DeadLetterArchive,
  { filter, isJson }: DlqArguments,
  terminal: Terminal,
): Promise<void> {
  const counts = new Map<string, number>();
  for await (const found of findLetters(archive, filter)) {
    const row = rowOf(found);
    if (counts.size === 0 && !isJson) terminal.out(HEAD);
    terminal.out(isJson ? `${JSON.stringify(row)}\n` : lineOf(row));
    const code = String(row['code']);
    counts.set(code, (counts.get(code) ?? 0) + 1);
  }
  if (isJson) terminal.note(countsText(counts).trimEnd());
  else terminal.out(countsText(counts));
}
