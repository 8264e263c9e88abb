// Runs one emulator as a process of its own: `node emulator.ts kinesis|dynamodb`. Says its URL in a line of JSON, and
// ends with the process that started it.
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import dynalite from 'dynalite';
import kinesalite from 'kinesalite';

/** Nobody waits for a pretended delay. */
const CHANGE_MS = 20;
/** Each fault scenario has streams of its own. */
const SHARD_LIMIT = 1000;

const server =
  process.argv[2] === 'kinesis'
    ? kinesalite({
        createStreamMs: CHANGE_MS,
        deleteStreamMs: CHANGE_MS,
        updateStreamMs: CHANGE_MS,
        shardLimit: SHARD_LIMIT,
      })
    : dynalite({ createTableMs: CHANGE_MS });
server.listen(0, '127.0.0.1');
await once(server, 'listening');
process.stdout.write(
  `${JSON.stringify({ url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}` })}\n`,
);
process.on('disconnect', () => process.exit(0));
