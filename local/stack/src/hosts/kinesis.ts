import kinesalite from 'kinesalite';
import { readHostArguments } from './arguments.ts';
import { serve } from './serve.ts';

/** Streams are made while people wait for the stack: no pretended delay. */
const STREAM_CHANGE_MS = 20;

const { port, dataDir } = readHostArguments(process.argv.slice(2));
const server = kinesalite({
  path: dataDir,
  createStreamMs: STREAM_CHANGE_MS,
  deleteStreamMs: STREAM_CHANGE_MS,
  updateStreamMs: STREAM_CHANGE_MS,
});
serve(server, port, 'kinesis');
