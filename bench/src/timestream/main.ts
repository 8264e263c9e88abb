// `npm run bench:timestream`: timestream-local beside DuckDB itself, interleaved in one run.
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { report } from '../report.ts';
import { medianOf, quantileOf } from '../statistics.ts';
import { fileOf, loadDay } from './loaded-file.ts';
import { DAY_QUERY, openPeer, timeServerQuery } from './queries.ts';
import { startServer } from './server-process.ts';
import type { ServerProcess } from './server-process.ts';
import { writeBody } from './workload.ts';
import { appenderRate, serverWriteRate } from './writes.ts';

const ROUNDS = 5;
const ROWS_PER_ROUND = 60_000;
const LOADED_ROWS = 10_000_000;
const QUERIES_PER_ROUND = 6;
const READS = 60;
const WRITERS = 8;

const writeRates: number[] = [];
const appenderRates: number[] = [];
for (let round = 0; round < ROUNDS; round += 1) {
  const startMs = Date.now() - 3_600_000;
  writeRates.push(await serverWriteRate(ROWS_PER_ROUND, startMs));
  appenderRates.push(await appenderRate(ROWS_PER_ROUND, startMs));
}

const dataDir = await mkdtemp(join(tmpdir(), 'bench-timestream-'));
await loadDay(dataDir, LOADED_ROWS, Date.now());
const copy = join(dataDir, 'copy.duckdb');
await cp(fileOf(dataDir), copy);

const server = await startServer(dataDir);
const peer = await openPeer(copy);
const serverMs: number[] = [];
const peerMs: number[] = [];
await timeServerQuery(server, DAY_QUERY);
await peer.time();
for (let round = 0; round < ROUNDS * QUERIES_PER_ROUND; round += 1) {
  const ours = await timeServerQuery(server, DAY_QUERY);
  const theirs = await peer.time();
  if (Math.abs(ours.rows - theirs.rows) > 1)
    throw new Error(`Unequal answers: ${String(ours.rows)}, ${String(theirs.rows)}`);
  serverMs.push(ours.ms);
  peerMs.push(theirs.ms);
}
peer.close();

const p95Alone: number[] = [];
const p95Writing: number[] = [];
for (let round = 0; round < ROUNDS; round += 1) {
  p95Alone.push(await readerP95(server));
  p95Writing.push(await whileWriting(server, round, () => readerP95(server)));
}
const rssMb = await server.peakMb();
await server.stop();
await rm(dataDir, { recursive: true });

report('timestream', {
  ratios: {
    writeVsAppender: medianOf(writeRates.map((rate, index) => rate / (appenderRates[index] ?? Number.NaN))),
    query24hVsDuckdb: medianOf(serverMs) / medianOf(peerMs),
    readerP95UnderWrite: medianOf(p95Writing.map((ms, index) => ms / (p95Alone[index] ?? Number.NaN))),
    rssMb,
  },
  medians: {
    writeRowsPerSecond: medianOf(writeRates),
    appenderRowsPerSecond: medianOf(appenderRates),
    query24hMs: medianOf(serverMs),
    duckdb24hMs: medianOf(peerMs),
    readerP95AloneMs: medianOf(p95Alone),
    readerP95WritingMs: medianOf(p95Writing),
  },
});

/** 95th percentile of one reader that asks for the last hour, again and again. */
async function readerP95(target: ServerProcess): Promise<number> {
  const sql = DAY_QUERY.replace('ago(24h)', 'ago(1h)');
  const taken: number[] = [];
  for (let read = 0; read < READS; read += 1) taken.push((await timeServerQuery(target, sql)).ms);
  return quantileOf(taken, 0.95);
}

/** Runs something while several connections write as fast as they are answered. */
async function whileWriting<T>(target: ServerProcess, round: number, work: () => Promise<T>): Promise<T> {
  let isOver = false;
  let next = round * 10_000;
  const startMs = Date.now() - 1_800_000;
  const writers = Array.from({ length: WRITERS }, async () => {
    while (!isOver) {
      next += 1;
      await target.call('WriteRecords', writeBody(next * 100, 100, startMs));
    }
  });
  try {
    return await work();
  } finally {
    isOver = true;
    await Promise.all(writers);
  }
}
