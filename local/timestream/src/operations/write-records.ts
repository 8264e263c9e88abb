import { rejectedRecordsError } from '../errors.ts';
import { parseRecords } from '../write/parse-records.ts';
import type { Operation } from './context.ts';
import { namedTable } from './names.ts';

/** WriteRecords: stores the good records, and then reports the bad ones as an error. */
export const writeRecords: Operation = async (context) => {
  const table = namedTable(context);
  const records = parseRecords(context.body);
  const { rejected, counts } = await context.region.writer.write(table, records);
  context.metrics.countRecords(counts.memory + counts.magnetic, rejected.length);
  if (rejected.length > 0) throw rejectedRecordsError(rejected);
  return {
    RecordsIngested: {
      Total: counts.memory + counts.magnetic,
      MemoryStore: counts.memory,
      MagneticStore: counts.magnetic,
    },
  };
};
