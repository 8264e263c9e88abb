import { setTimeout as delay } from 'node:timers/promises';

import type { Random } from '../traffic/random.ts';
import { PASS, type DoorCall, type Passage, type Rule } from './door.ts';

const THROTTLED: Passage = { kind: 'fail', status: 400, code: 'ThrottlingException' };
const BROKEN: Passage = { kind: 'fail', status: 500, code: 'InternalServerException' };
const STREAM_THROTTLED: Passage = { kind: 'fail', status: 400, code: 'ProvisionedThroughputExceededException' };
const EXPIRED: Passage = { kind: 'fail', status: 400, code: 'ExpiredIteratorException' };
const STREAM_LAG_MS = 5000;
const SLOW_MS = 300;

/** Whether a call writes facts of a tenant, and not the worker's accounts of itself. */
export function isWriteOfFacts({ operation, text }: DoorCall): boolean {
  return operation === 'WriteRecords' && !text.includes('"system_metrics"');
}

/** Refuses a share of all writes, somewhere between the two shares at every moment; a tenth with an error of the server. */
export function throttling(random: Random, least: number, most: number): Rule {
  return ({ operation }) => {
    if (operation !== 'WriteRecords') return PASS;
    const share = least + (most - least) * random.fraction();
    if (random.fraction() >= share) return PASS;
    return random.fraction() < 0.1 ? BROKEN : THROTTLED;
  };
}

/** Does a share of the writes without ever saying so. */
export function lostAcknowledgements(random: Random, share: number): Rule {
  return ({ operation }) => (operation === 'WriteRecords' && random.fraction() < share ? { kind: 'lose' } : PASS);
}

/** Nobody is there. */
export const outage: Rule = () => ({ kind: 'refuse' });

/** Fails a whole call for one record that holds a text, as the service does for what it cannot even read. */
export function refusing(marker: string): Rule {
  return ({ operation, text }) =>
    operation === 'WriteRecords' && text.includes(marker)
      ? { kind: 'fail', status: 400, code: 'ValidationException', message: 'The door does not like a record.' }
      : PASS;
}

/** A call that stands at a door until something is decided about it. */
export interface HeldCall {
  /** Resolves when a call stands there. */
  readonly arrived: Promise<void>;
  decide(passage: Passage): void;
}

/** Holds the next write of facts; all other calls pass. */
export function holdNextWrite(): { rule: Rule; held: HeldCall } {
  const arrival = Promise.withResolvers<undefined>();
  const decision = Promise.withResolvers<Passage>();
  let isHeld = false;
  const rule: Rule = (call) => {
    if (isHeld || !isWriteOfFacts(call)) return PASS;
    isHeld = true;
    arrival.resolve(undefined);
    return decision.promise;
  };
  return { rule, held: { arrived: arrival.promise, decide: decision.resolve } };
}

/** Every opened iterator begins at the beginning again for so many times, and iterators live a few pages only. */
export function rewinding(random: Random, times: number): Rule {
  let left = times;
  return ({ operation, input }) => {
    if (operation === 'GetShardIterator' && input['ShardIteratorType'] !== 'TRIM_HORIZON' && left > 0) {
      left -= 1;
      const { StartingSequenceNumber: _from, ...rest } = input;
      return { kind: 'pass', input: { ...rest, ShardIteratorType: 'TRIM_HORIZON' } };
    }
    return operation === 'GetRecords' && left > 0 && random.fraction() < 0.3 ? EXPIRED : PASS;
  };
}

interface PutEntry {
  readonly ErrorCode?: string;
}

/** Lets only a part of the records of a call through, and says so. */
function partialPut({ input }: DoorCall, random: Random): Passage {
  const records = input['Records'] as unknown[];
  const isTaken = records.map(() => random.fraction() < 0.6);
  if (!isTaken.includes(true)) return STREAM_THROTTLED;
  return {
    kind: 'pass',
    input: { ...input, Records: records.filter((_, index) => isTaken[index]) },
    edit: (answer) => {
      const taken = [...(answer['Records'] as PutEntry[])];
      const refused = { ErrorCode: 'ProvisionedThroughputExceededException', ErrorMessage: 'The door says so.' };
      const all = isTaken.map((taking) => (taking ? taken.shift() : refused));
      return { ...answer, Records: all, FailedRecordCount: isTaken.filter((taking) => !taking).length };
    },
  };
}

/** Everything that a stream may do to its readers and writers, all at once. */
export function streamFaults(random: Random): Rule {
  return async (call) => {
    const roll = random.fraction();
    if (call.operation === 'PutRecords') return roll < 0.5 ? partialPut(call, random) : PASS;
    if (call.operation !== 'GetRecords') return roll < 0.2 ? STREAM_THROTTLED : PASS;
    if (roll < 0.3) return STREAM_THROTTLED;
    if (roll < 0.4) return EXPIRED;
    if (roll > 0.7) return PASS;
    if (roll > 0.6) {
      await delay(SLOW_MS);
      return PASS;
    }
    const iterator = call.input['ShardIterator'];
    return {
      kind: 'answer',
      output: { Records: [], MillisBehindLatest: STREAM_LAG_MS, NextShardIterator: iterator },
    };
  };
}
