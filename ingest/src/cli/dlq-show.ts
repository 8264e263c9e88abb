import { isUtf8 } from 'node:buffer';

import { peekDelivery } from '../core/delivery-summary.ts';
import { DeadLetterFormatError } from '../core/dead-letter-envelope.ts';
import type { ArchivedLetter, DeadLetterArchive, DeadLetterKey } from '../ports/dead-letters.ts';
import { letterKeyText, type DlqArguments } from './dlq-arguments.ts';
import { archiveError, notFound } from './find-letters.ts';
import { printable, type Terminal } from './terminal.ts';

const WARNING = 'The record is shown as it was sent: it may hold personal data. Do not copy it into tickets or logs.';
const HEX_LIMIT_BYTES = 1024;

async function letterAt(archive: DeadLetterArchive, key: DeadLetterKey): Promise<ArchivedLetter> {
  try {
    const letter = await archive.get(key);
    if (letter !== undefined) return letter;
  } catch (error) {
    if (error instanceof DeadLetterFormatError) throw error;
    throw archiveError(error);
  }
  throw notFound(key);
}

function hexOf(bytes: Buffer): string {
  const shown = bytes.subarray(0, HEX_LIMIT_BYTES).toString('hex').replaceAll(/(..)/g, '$1 ').trimEnd();
  return bytes.length > HEX_LIMIT_BYTES ? `${shown} … (use --raw for all ${String(bytes.length)} bytes)` : shown;
}

function bodyText({ bytes }: ArchivedLetter): string {
  const { header, body, raw } = peekDelivery(bytes);
  const text = raw === undefined ? body.toString('utf8') : JSON.stringify(raw, undefined, 2);
  return [
    ...(header === undefined ? ['header: none'] : [`header: ${printable(JSON.stringify(header))}`]),
    isUtf8(body) ? `body:\n${printable(text)}` : `body, no UTF-8:\n${hexOf(body)}`,
  ].join('\n');
}

/** Shows one letter readably, or its record's very bytes. */
export async function showLetter(archive: DeadLetterArchive, given: DlqArguments, terminal: Terminal): Promise<void> {
  const [key] = given.filter.keys;
  if (key === undefined) throw notFound(key);
  const letter = await letterAt(archive, key);
  terminal.note(WARNING);
  if (given.isRaw) {
    terminal.out(letter.bytes);
    return;
  }
  const { arrivedMs, code, message, extractorVersion, replayedMs, bytes } = letter;
  const facts = {
    key: letterKeyText(key),
    arrived: new Date(arrivedMs).toISOString(),
    code,
    message,
    extractorVersion,
    replayed: replayedMs === undefined ? undefined : new Date(replayedMs).toISOString(),
  };
  if (given.isJson) {
    terminal.out(`${JSON.stringify({ ...facts, bytes: Buffer.from(bytes).toString('base64') })}\n`);
    return;
  }
  const lines = Object.entries(facts)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}: ${printable(String(value))}`);
  terminal.out(`${[...lines, `bytes: ${String(bytes.length)}`, bodyText(letter)].join('\n')}\n`);
}
