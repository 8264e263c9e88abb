import { mkdir, open, rename } from 'node:fs/promises';
import path from 'node:path';

import type { DeadLetter, DeadLetters } from '../ports/dead-letters.ts';

/** Dead letters as files, one per record: `<folder>/<stream>/<shard>/<sequence>.json`. Writing one twice is harmless. */
export function createFileDeadLetters(folder: string): DeadLetters {
  return {
    async put(letter: DeadLetter): Promise<void> {
      const { stream, shardId, sequence, bytes, ...rest } = letter;
      const directory = path.join(folder, stream, shardId);
      await mkdir(directory, { recursive: true });
      const target = path.join(directory, `${sequence}.json`);
      const draft = `${target}.${String(process.pid)}.tmp`;
      const file = await open(draft, 'w');
      try {
        const content = { stream, shardId, sequence, ...rest, bytes: Buffer.from(bytes).toString('base64') };
        await file.writeFile(`${JSON.stringify(content)}\n`);
        // The checkpoint that follows says this record is safe.
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(draft, target);
    },
  };
}
