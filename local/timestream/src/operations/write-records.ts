import { ServiceError, rejectedRecordsError } from '../errors.ts';
import type { JsonObject } from '../protocol/shape.ts';
import { SHAPES } from '../protocol/shapes.ts';
import { validate } from '../protocol/validate.ts';
import { parseRecords } from '../write/parse-records.ts';
import type { WriteRecord } from '../write/record.ts';
import type { Operations } from './context.ts';
import { namedTable } from './names.ts';

const { Records: _records, ...ENVELOPE } = SHAPES.WriteRecords;

/** WriteRecords: stores the good records, and then reports the bad ones as an error. */
export const writeRecords: Operations['WriteRecords'] = async (context) => {
  const records = checkedRecords(context.request.body);
  const table = namedTable(context);
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

/** Reads good records fast; only when something is wrong all of it is looked for, and named. */
function checkedRecords(body: JsonObject): WriteRecord[] {
  try {
    validate(ENVELOPE, body);
    return parseRecords(body);
  } catch (error) {
    if (error instanceof ServiceError) validate(SHAPES.WriteRecords, body);
    throw error;
  }
}
