import type { TimeSeriesStore } from '../../../timestream/port.ts';
import type { TimeRange } from '../time/range.ts';
import { readBeats } from './beat-scan.ts';
import { readSamples } from './level-scan.ts';
import { readPeaks } from './peak-scan.ts';
import type { PartBuckets, Scan, ScanReader, ScanReaderFactory } from './scan.ts';
import { readSlices } from './slice-scan.ts';
import { readStock } from './stock-scan.ts';
import { readSums } from './sum-scan.ts';
import { TenantReader } from './tenant-reader.ts';
import { readWatermark } from './watermark.ts';

/** Readers that ask the store for everything: what every other reader must equal. */
export function storeScanReaders(store: TimeSeriesStore): ScanReaderFactory {
  return ({ territoryId, regionId }, signal): ScanReader => {
    const reader = new TenantReader(store, { territoryId, regionId }, signal);
    return {
      read: (scan, range) => readScan(reader, scan, range),
      watermark: (nowMs) => readWatermark(reader, territoryId, nowMs),
      account: () => ({ state: 'miss', fetched: reader.queries }),
    };
  };
}

async function readScan<S extends Scan>(reader: TenantReader, scan: S, range: TimeRange): Promise<PartBuckets<S>> {
  if (range.fromMs >= range.toMs) return new Map();
  return (await readByKind(reader, scan, range)) as PartBuckets<S>;
}

function readByKind(reader: TenantReader, scan: Scan, range: TimeRange): Promise<ReadonlyMap<number, unknown>> {
  switch (scan.kind) {
    case 'sum':
      return readSums(reader, scan, range);
    case 'peak':
      return readPeaks(reader, scan, range);
    case 'level':
      return readSamples(reader, scan, range);
    case 'slice':
      return readSlices(reader, scan, range);
    case 'stock':
      return readStock(reader, scan, range);
    case 'beat':
      return readBeats(reader, scan, range);
  }
}
