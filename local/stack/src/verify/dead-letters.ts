import { access, glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { markOf } from './poison.ts';

/** What the dead letters of a run say of its poison. */
export interface DeadLetterReport {
  readonly poison: number;
  /** Marks of poison that is in no dead letter. */
  readonly missing: readonly string[];
  /** Dead letters that are no poison, or poison that died twice: where they are, and why they died. */
  readonly unexpected: readonly string[];
}

async function lettersIn(folder: string): Promise<string[]> {
  try {
    await access(folder);
  } catch {
    // Nothing died: the folder comes with the first letter.
    return [];
  }
  const files: string[] = [];
  for await (const file of glob('**/*.json', { cwd: folder })) files.push(file);
  return files;
}

/** Compares the dead letters in a folder with the poison that was given: exactly its marks, each once. */
export async function compareDeadLetters(folder: string, marks: ReadonlySet<string>): Promise<DeadLetterReport> {
  const found = new Set<string>();
  const unexpected: string[] = [];
  for (const file of await lettersIn(folder)) {
    const letter = JSON.parse(await readFile(join(folder, file), 'utf8')) as Record<string, unknown>;
    const mark = markOf(Buffer.from(String(letter['bytes']), 'base64'));
    if (mark === undefined || !marks.has(mark) || found.has(mark)) {
      unexpected.push(`${file} (${String(letter['code'])}: ${String(letter['message'])})`);
      continue;
    }
    found.add(mark);
  }
  return { poison: marks.size, missing: [...marks].filter((mark) => !found.has(mark)), unexpected };
}
