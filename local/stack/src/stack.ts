import { randomBytes } from 'node:crypto';
import type { Server } from 'node:http';
import { join } from 'node:path';
import { REGIONS } from '@lumina/contracts';
import { dataFolderAt, keptSecret, makeDataFolder, readIfPresent, writePrivate } from './data-folder.ts';
import type { DataFolder } from './data-folder.ts';
import { startKeyServer } from './key-server.ts';
import { ManagedProcess } from './managed-process.ts';
import type { ProcessEnd } from './managed-process.ts';
import { LOCAL_REGION_IDS, portsOf, takenPorts } from './ports.ts';
import type { LocalRegionId, StackPorts } from './ports.ts';
import { ensureIngestKeys, hashOfKey } from './seeds/ingest-keys.ts';
import type { IngestKeys } from './seeds/ingest-keys.ts';
import { populationsOf, seedOf } from './seeds/directory.ts';
import { completeHistory, planHistory, readHistoryPlan } from './seeds/history-plan.ts';
import type { HistoryPlan } from './seeds/history-plan.ts';
import { SERVICE_NAMES, bffCommand, historySpec, specOf, urlOf } from './services.ts';
import type { ServiceName, StackPlan } from './services.ts';
import { ensureStreams } from './streams.ts';

/** What a stack is started with. */
export interface StackOptions {
  readonly portBase: number;
  readonly dataDir: string;
  /** Whether simulated traffic runs. */
  readonly simulator: boolean;
  /** Whether the day before is seeded, once per data folder. */
  readonly history: boolean;
  /** The pieces to run; all by default. Where a collector runs without a BFF, the runner itself serves the keys. */
  readonly only?: readonly ServiceName[];
  /** Extra environment by piece, for fault tests. */
  readonly extraEnv?: StackPlan['extraEnv'];
  /** Told what people should know: progress, and the end of the seeding. */
  readonly onProgress?: (text: string) => void;
  /** Given the stack before anything starts, so that it can be stopped while it still starts. */
  readonly onCreated?: (stack: Stack) => void;
  /** Told when a piece ends by itself; the stack is not what it was. */
  readonly onFailure?: (error: Error) => void;
}

/** A running stack. */
export interface Stack {
  readonly ports: StackPorts;
  readonly folder: DataFolder;
  readonly url: string;
  /** The ids of the processes that run now. */
  pids(): number[];
  /** The ingest key of a territory, for posting to its collector. */
  ingestKey(territoryId: number): string;
  /** Ends one piece by a signal; nothing starts it again but {@link Stack.restart}. */
  kill(name: ServiceName, signal?: NodeJS.Signals): Promise<void>;
  /** Starts a piece that was ended, with other extra environment if given, and waits until it is ready. */
  restart(name: ServiceName, env?: Readonly<Record<string, string>>): Promise<void>;
  /** Resolves when the seeding of history is over (at once when there is none). */
  readonly historyDone: Promise<void>;
  /** Ends everything, producers first. */
  stop(): Promise<void>;
}

/** In which order pieces end, and how long each group may take: together less than the ten seconds promised. */
const STOP_ORDER: readonly { readonly names: readonly string[]; readonly timeoutMs: number }[] = [
  { names: ['simulator', 'history', 'migrate', 'import'], timeoutMs: 1500 },
  { names: ['collector', 'distributor'], timeoutMs: 1500 },
  { names: ['worker', 'bff'], timeoutMs: 4500 },
  { names: ['kinesis', 'dynamodb', 'timestream', 'idp'], timeoutMs: 2000 },
];

/** The file with the process id of each piece. */
export const PROCESSES_FILE = 'processes.json';

const kindOf = (name: string): string => name.replace(/-\d$/, '');

class RunningStack implements Stack {
  readonly ports: StackPorts;
  readonly folder: DataFolder;
  readonly url: string;
  historyDone: Promise<void> = Promise.resolve();
  readonly #options: StackOptions;
  readonly #names: ReadonlySet<ServiceName>;
  readonly #plan: StackPlan;
  readonly #processes = new Map<string, ManagedProcess>();
  readonly #keyServers: Server[] = [];
  readonly #history: HistoryPlan | undefined;
  #stopping: Promise<void> | undefined;

  constructor(options: StackOptions) {
    this.#options = options;
    this.#names = new Set(options.only ?? SERVICE_NAMES);
    this.ports = portsOf(options.portBase);
    this.folder = dataFolderAt(options.dataDir);
    this.url = urlOf(options.portBase);
    makeDataFolder(this.folder, LOCAL_REGION_IDS);
    const kept = readHistoryPlan(this.folder.root);
    this.#history = options.history ? (kept ?? planHistory(this.folder.root, Date.now())) : undefined;
    this.#plan = {
      portBase: options.portBase,
      folder: this.folder,
      internalToken: randomBytes(32).toString('base64url'),
      hashSecret: keptSecret(join(this.folder.root, 'hash-secret')),
      ingestKeys: { 1: this.#makeKeys(1), 2: this.#makeKeys(2) },
      ...(kept === undefined && this.#history !== undefined ? { freshHistory: this.#history } : {}),
      ...(options.extraEnv === undefined ? {} : { extraEnv: options.extraEnv }),
    };
  }

  #makeKeys(regionId: LocalRegionId): IngestKeys {
    const territories = populationsOf(regionId).map(({ territoryId }) => territoryId);
    return ensureIngestKeys(this.folder.region(regionId), territories);
  }

  #process(spec: ManagedProcess['spec']): ManagedProcess {
    if (this.#stopping !== undefined) throw new Error(`stopping: ${spec.name} is not started any more`);
    const made = new ManagedProcess(spec, this.folder.logs, (end) => {
      this.#reportEnd(end);
    });
    this.#processes.set(spec.name, made);
    return made;
  }

  #reportEnd({ name, code, signal }: ProcessEnd): void {
    if (this.#stopping !== undefined) return;
    const process = this.#processes.get(name);
    const how = signal === null ? `with code ${String(code)}` : `by ${signal}`;
    const tail = process === undefined ? '' : ` End of ${process.logFile}:\n${process.logTail()}`;
    this.#options.onFailure?.(new Error(`process_ended: ${name} ended ${how}.${tail}`));
  }

  async #start(...names: readonly ServiceName[]): Promise<void> {
    const wanted = names.filter((name) => this.#names.has(name));
    await Promise.all(wanted.map((name) => this.#process(specOf(this.#plan, name)).start()));
    this.#noteProcesses();
  }

  /** Says in the data folder which process is which, for people who look with other tools. */
  #noteProcesses(): void {
    const running = [...this.#processes.values()].filter(({ isRunning }) => isRunning);
    const pids = Object.fromEntries(running.map(({ spec, pid }) => [spec.name, pid]));
    writePrivate(join(this.folder.root, PROCESSES_FILE), `${JSON.stringify(pids, null, 2)}\n`);
  }

  async #runOnce(spec: ManagedProcess['spec']): Promise<void> {
    await this.#process(spec).run();
    this.#processes.delete(spec.name);
  }

  /** Brings the configuration of a region up to date; the seeds are imported when they changed. */
  async #configure(regionId: LocalRegionId): Promise<void> {
    if (!this.#names.has(`bff-${regionId}`)) return;
    await this.#runOnce(bffCommand(this.#plan, regionId, 'migrate', []));
    const regionDir = this.folder.region(regionId);
    const seed = JSON.stringify(seedOf(regionId, this.#plan.ingestKeys[regionId]));
    const doneFile = join(regionDir, 'seeded');
    if (readIfPresent(doneFile) === hashOfKey(seed)) return;
    const seedFile = join(regionDir, 'seed.json');
    writePrivate(seedFile, seed);
    await this.#runOnce(bffCommand(this.#plan, regionId, 'import', ['--file', seedFile]));
    writePrivate(doneFile, hashOfKey(seed));
  }

  async #serveKeys(regionId: LocalRegionId): Promise<void> {
    if (this.#names.has(`bff-${regionId}`) || !this.#names.has(`collector-${regionId}`)) return;
    const { bff } = this.ports.regions[regionId];
    const { ingestKeys, internalToken } = this.#plan;
    this.#keyServers.push(await startKeyServer(bff, regionId, ingestKeys[regionId], internalToken));
  }

  async #prepareStreams(regionId: LocalRegionId): Promise<void> {
    if (!this.#names.has(`kinesis-${regionId}`)) return;
    await this.#start(`kinesis-${regionId}`);
    await ensureStreams(urlOf(this.ports.regions[regionId].kinesis), REGIONS[regionId].awsRegion);
  }

  /** Starts what a region consists of, each piece as soon as what it needs is there. */
  async #startRegion(regionId: LocalRegionId, cloud: Promise<void>): Promise<void> {
    const streams = this.#prepareStreams(regionId);
    const worker = Promise.all([streams, cloud]).then(() => this.#start(`worker-${regionId}`));
    const bff = Promise.all([this.#configure(regionId), this.#serveKeys(regionId), cloud]).then(() =>
      this.#start(`bff-${regionId}`),
    );
    const collector = Promise.all([streams, bff]).then(() => this.#start(`collector-${regionId}`));
    await Promise.all([worker, collector]);
  }

  async begin(): Promise<void> {
    const taken = await takenPorts(this.#options.portBase);
    if (taken.length > 0) {
      throw new Error(
        `ports_taken: ${taken.join(', ')} in use. Is the stack running already? Else set LUMINA_PORT_BASE to another base.`,
      );
    }
    const cloud = this.#start('idp', 'timestream', 'dynamodb');
    await Promise.all([cloud, ...LOCAL_REGION_IDS.map((id) => this.#startRegion(id, cloud))]);
    await this.#start('distributor');
    if (this.#options.simulator) await this.#start('simulator');
    if (this.#history !== undefined && !this.#history.isDone) this.historyDone = this.#seedHistory(this.#history);
  }

  async #seedHistory(history: HistoryPlan): Promise<void> {
    this.#options.onProgress?.('Seeding the day before; boards fill up meanwhile.');
    const startedMs = Date.now();
    try {
      await this.#runOnce(historySpec(this.#plan));
    } catch (error) {
      if (this.#stopping === undefined) {
        this.#options.onFailure?.(error instanceof Error ? error : new Error(String(error)));
      }
      return;
    }
    if (this.#stopping !== undefined) return;
    completeHistory(this.folder.root, history);
    this.#options.onProgress?.(`Seeded the day before in ${String(Math.round((Date.now() - startedMs) / 1000))} s.`);
  }

  pids(): number[] {
    return [...this.#processes.values()].flatMap(({ isRunning, pid }) => (isRunning && pid !== undefined ? [pid] : []));
  }

  ingestKey(territoryId: number): string {
    for (const keys of Object.values(this.#plan.ingestKeys)) {
      const key = keys[String(territoryId)];
      if (key !== undefined) return key;
    }
    throw new Error(`territory_unknown: territory ${String(territoryId)} has no ingest key in this stack`);
  }

  async kill(name: ServiceName, signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const process = this.#processes.get(name);
    if (process === undefined) throw new Error(`process_unknown: ${name} does not run in this stack`);
    await process.kill(signal);
  }

  async restart(name: ServiceName, env: Readonly<Record<string, string>> = {}): Promise<void> {
    const spec = specOf(this.#plan, name);
    await this.#process({ ...spec, env: { ...spec.env, ...env } }).start();
    this.#noteProcesses();
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#stopAll();
    return this.#stopping;
  }

  async #stopAll(): Promise<void> {
    for (const { names, timeoutMs } of STOP_ORDER) {
      const group = [...this.#processes.values()].filter(({ spec }) => names.includes(kindOf(spec.name)));
      await Promise.all(group.map((process) => process.stop(timeoutMs)));
    }
    for (const server of this.#keyServers) {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  }
}

/** Starts a stack and answers when every piece is ready; on failure everything already started is ended. */
export async function startStack(options: StackOptions): Promise<Stack> {
  const stack = new RunningStack(options);
  options.onCreated?.(stack);
  try {
    await stack.begin();
  } catch (error) {
    await stack.stop();
    throw error;
  }
  return stack;
}
