import { setTimeout as delay } from 'node:timers/promises';

import { createDeadLetters } from '../adapters/dead-letters.ts';
import { createKinesisStream } from '../adapters/kinesis-stream.ts';
import { messageOf } from '../adapters/service-error.ts';
import { readDlqConfig, readDlqReplayConfig } from '../config.ts';
import { DeadLetterFormatError } from '../core/dead-letter-envelope.ts';
import type { DeadLetterArchive } from '../ports/dead-letters.ts';
import { ConfigError, type Environment } from '../setting-reader.ts';
import { CliError } from './cli-error.ts';
import { parseDlqArguments, type DlqArguments } from './dlq-arguments.ts';
import { listLetters } from './dlq-ls.ts';
import { purgeLetters } from './dlq-purge.ts';
import { replayLetters } from './dlq-replay.ts';
import { showLetter } from './dlq-show.ts';
import type { Terminal } from './terminal.ts';

const PUT_TIMEOUT_MS = 30_000;

const USAGE = `Usage: npm run ingest -- dlq <command> [options]

Commands
  ls                    list dead letters and count them by code; --json: one object per line
  show <key>            show one; --raw: its very bytes, --json
  replay [key...]       put them back on the stream, byte for byte; --dry-run, --rate <per second> (100), --yes,
                        --force: those that would die again too
  purge [key...]        remove them for good; --dry-run, --yes

Filters of ls, replay and purge
  --code <code,...>     malformed, invalid, unknown_tenant, too_late, future_skew, conflict, store_validation, exhausted
  --territory <id>      --source <name>     --stream <name>     --shard <id>     --limit <count>
  --from, --to          arrival on the stream: an instant, or how long ago, as 2h
  --replayed            those that were replayed, instead of those that wait (ls, purge)

Dead letters are in DLQ_DIR (or --dir <folder>), or in DLQ_S3_BUCKET with DLQ_S3_PREFIX, S3_ENDPOINT and S3_REGION;
replay also needs LUMINA_REGION_ID, KINESIS_REGION, KINESIS_ENDPOINT and EVENTS_STREAM: see docs/configuration.md.
Exit status: 0 done, 1 failed or not found, 2 wrong command line or settings.
`;

/** The world a command runs in. */
export interface CliWorld {
  readonly environment: Environment;
  readonly terminal: Terminal;
  readonly nowMs: () => number;
  /** Ends a replay after the letters in hand. */
  readonly stopping: AbortSignal;
}

async function pauseUnless(stopping: AbortSignal, ms: number): Promise<void> {
  try {
    await delay(ms, undefined, { signal: stopping });
  } catch {
    // Stopping ends the pause early; who waits sees it.
  }
}

async function replay(archive: DeadLetterArchive, given: DlqArguments, world: CliWorld): Promise<void> {
  const { terminal, nowMs, stopping } = world;
  const config = readDlqReplayConfig(world.environment);
  const stream = createKinesisStream({
    ...config.kinesis,
    stream: config.eventsStream,
    putTimeoutMs: PUT_TIMEOUT_MS,
    onRetry: (error, attempt) => {
      if (attempt === 0) terminal.note(`The stream does not take all records yet: ${messageOf(error)}`);
    },
  });
  try {
    const ports = {
      ...{ archive, stream, streamName: config.eventsStream, regionId: config.regionId },
      ...{ nowMs, stopping, pause: (ms: number) => pauseUnless(stopping, ms) },
    };
    await replayLetters(ports, given, terminal);
  } finally {
    stream.close();
  }
}

async function runDlq(args: readonly string[], world: CliWorld): Promise<void> {
  const { environment, terminal } = world;
  const given = parseDlqArguments(args, world.nowMs());
  const place = given.dir === undefined ? {} : { DLQ_DIR: given.dir, DLQ_S3_BUCKET: '' };
  const archive = createDeadLetters(readDlqConfig({ ...environment, ...place }));
  try {
    if (given.command === 'ls') await listLetters(archive, given, terminal);
    else if (given.command === 'show') await showLetter(archive, given, terminal);
    else if (given.command === 'purge') await purgeLetters(archive, given, terminal);
    else await replay(archive, given, world);
  } finally {
    archive.close();
  }
}

/** Runs a command line; answers the exit status. What went wrong is told with its code. */
export async function runCli(args: readonly string[], world: CliWorld): Promise<number> {
  const [topic, ...rest] = args;
  if (args.length === 0 || args.includes('--help') || args.includes('-h')) {
    world.terminal.out(USAGE);
    return args.length === 0 ? 2 : 0;
  }
  try {
    if (topic !== 'dlq') throw new CliError('usage', `"${topic ?? ''}" is unknown; see --help.`);
    await runDlq(rest, world);
    return 0;
  } catch (error) {
    if (error instanceof CliError || error instanceof ConfigError || error instanceof DeadLetterFormatError) {
      world.terminal.note(`${error.code}: ${error.message}`);
      return error instanceof CliError ? error.exitStatus : error instanceof ConfigError ? 2 : 1;
    }
    throw error;
  }
}
