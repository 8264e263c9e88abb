import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** What no log may hold, whoever it is about: credentials, addresses and telephone numbers by their shape. */
const SHAPES: Readonly<Record<string, RegExp>> = {
  'a signed token': /eyJ[\w-]{10,}\.[\w-]{10,}/,
  'a bearer credential': /bearer\s+[\w.~+/=-]{12,}/i,
  'an ingest key or client secret': /\b(?:lik|lumina_cs)_[\w-]{20,}/,
  'an e-mail address': /[\w.+-]+@[\w-]+(?:\.[\w-]+)+/,
  'a telephone number': /(?:\+|%2B|\b00)[1-9]\d{9,14}\b/,
};

/** Private text that was found, and where: never the text itself, which would only spread it. */
export interface PrivateFinding {
  readonly file: string;
  readonly line: number;
  readonly what: string;
}

/** Finds in a text what looks private, and what is known to be: names, numbers and secrets that were really used. */
export function findPrivateText(file: string, text: string, known: Readonly<Record<string, string>>): PrivateFinding[] {
  return text.split('\n').flatMap((content, index) => {
    const folded = content.toLowerCase();
    const whats = [
      ...Object.entries(SHAPES).flatMap(([what, shape]) => (shape.test(content) ? [what] : [])),
      ...Object.entries(known).flatMap(([what, value]) => (folded.includes(value.toLowerCase()) ? [what] : [])),
    ];
    return whats.map((what) => ({ file, line: index + 1, what }));
  });
}

/** Looks through every log of a folder. @returns what was found, and how much was read. */
export async function searchLogs(
  folder: string,
  known: Readonly<Record<string, string>>,
): Promise<{ readonly findings: readonly PrivateFinding[]; readonly bytes: number }> {
  const findings: PrivateFinding[] = [];
  let bytes = 0;
  for (const name of await readdir(folder)) {
    const text = await readFile(join(folder, name), 'utf8');
    bytes += text.length;
    findings.push(...findPrivateText(name, text, known));
  }
  return { findings, bytes };
}
