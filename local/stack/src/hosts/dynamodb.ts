import dynalite from 'dynalite';
import { readHostArguments } from './arguments.ts';
import { serve } from './serve.ts';

/** Tables are made while people wait for the stack: no pretended delay. */
const TABLE_CHANGE_MS = 20;

const { port, dataDir } = readHostArguments(process.argv.slice(2));
const server = dynalite({
  path: dataDir,
  createTableMs: TABLE_CHANGE_MS,
  deleteTableMs: TABLE_CHANGE_MS,
  updateTableMs: TABLE_CHANGE_MS,
});
serve(server, port, 'dynamodb');
