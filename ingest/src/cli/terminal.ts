import { createInterface } from 'node:readline/promises';

/** Where a command reads and writes. */
export interface Terminal {
  /** Writes to standard output. */
  out(text: string | Uint8Array): void;
  /** Writes a line to standard error. */
  note(line: string): void;
  /** Asks a question that is answered with yes or no; undefined when nobody is there to answer. */
  confirm(question: string): Promise<boolean | undefined>;
}

const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g;

/** Text that a stranger wrote, without what would steer a terminal. */
export function printable(text: string): string {
  return text.replaceAll(CONTROL, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** Text of a stranger in one line of at most so many characters. */
export function oneLine(text: string, maxLength: number): string {
  const line = printable(text.replaceAll(/\s+/g, ' '));
  return line.length > maxLength ? `${line.slice(0, maxLength - 1)}…` : line;
}

/** The process's own terminal. */
export function processTerminal(): Terminal {
  // Whoever reads the output may have seen enough, as `head` does.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
  return {
    out: (text) => {
      process.stdout.write(text);
    },
    note: (line) => {
      process.stderr.write(`${line}\n`);
    },
    confirm: async (question) => {
      if (!process.stdin.isTTY) return undefined;
      const reader = createInterface({ input: process.stdin, output: process.stderr });
      try {
        return /^y(es)?$/i.test((await reader.question(`${question} [y/N] `)).trim());
      } finally {
        reader.close();
      }
    },
  };
}
