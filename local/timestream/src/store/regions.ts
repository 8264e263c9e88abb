import { readdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Clock } from '../clock.ts';
import type { Quotas } from '../quotas.ts';
import { lockFolder } from './folder-lock.ts';
import type { FolderLock } from './folder-lock.ts';
import { Region } from './region.ts';

const REGION_NAME = /^[a-z]{2}(-[a-z]+)+-\d$|^local$/;
const openFolders = new Set<string>();

/** What the regions of a server are opened with. */
export type RegionOptions = {
  clock: Clock;
  /** What DuckDB may use in memory, per region. */
  memoryLimitMb: number;
  quotas: Quotas;
  /** How far reading is to lag behind what was acknowledged, at any moment. */
  visibilityLagMs: () => number;
};

/** Opens the data set of a region when it is first named. */
export class Regions {
  private readonly dataDir: string;
  private readonly options: RegionOptions;
  private readonly open = new Map<string, Promise<Region>>();
  private lock: FolderLock | undefined;

  constructor({ dataDir, ...options }: RegionOptions & { dataDir: string }) {
    this.dataDir = resolve(dataDir);
    this.options = options;
    // Two servers over one folder in one process would share the file but not the knowledge of its keys.
    if (openFolders.has(this.dataDir))
      throw new Error(`The data folder is already served by this process: ${this.dataDir}`);
    openFolders.add(this.dataDir);
  }

  /** Takes the folder and opens what is there already. */
  async openExisting(): Promise<void> {
    this.lock = await lockFolder(this.dataDir);
    const names = await readdir(this.dataDir);
    await Promise.all(names.filter((name) => REGION_NAME.test(name)).map((name) => this.get(name)));
  }

  get(name: string): Promise<Region> {
    const folder = REGION_NAME.test(name) ? name : 'local';
    const known = this.open.get(folder);
    if (known !== undefined) return known;
    const opened = Region.open(this.dataDir, folder, this.options);
    this.open.set(folder, opened);
    opened.catch(() => this.open.delete(folder));
    return opened;
  }

  /** Deletes what is older than its table's retention, in every region that is open. */
  async deleteExpired(): Promise<number> {
    const regions = await Promise.all(this.open.values());
    const deleted = await Promise.all(regions.map((region) => region.deleteExpired(this.options.clock.nowMs())));
    return deleted.reduce((sum, count) => sum + count, 0);
  }

  async close(): Promise<void> {
    const results = await Promise.allSettled(this.open.values());
    const regions = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    await Promise.all(regions.map((region) => region.close()));
    this.lock?.release();
    openFolders.delete(this.dataDir);
  }
}
