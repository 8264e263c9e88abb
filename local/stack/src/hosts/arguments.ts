import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';

/** The two arguments of a host: the port it listens on and the folder it keeps. */
export interface HostArguments {
  readonly port: number;
  readonly dataDir: string;
}

/** Reads `--port N --data FOLDER`, and makes room for the folder. */
export function readHostArguments(argv: readonly string[]): HostArguments {
  const { values } = parseArgs({
    args: [...argv],
    options: { port: { type: 'string' }, data: { type: 'string' } },
  });
  const port = Number(values.port);
  if (!Number.isInteger(port) || values.data === undefined) {
    throw new Error('arguments_invalid: give --port NUMBER and --data FOLDER');
  }
  mkdirSync(dirname(values.data), { recursive: true });
  return { port, dataDir: values.data };
}
