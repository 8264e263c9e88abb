import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import fc from 'fast-check';

import { decodeStreamRecord } from '../core/stream-record.ts';
import { readEslConfig } from './config.ts';
import { Intake } from './intake.ts';
import { createEslMetrics } from './metrics.ts';
import { Outbox } from './outbox.ts';
import { SpillLog } from './spill-log.ts';
import { StateJournal } from './state-journal.ts';
import { SwitchModel } from './switch-model.ts';

const root = mkdtempSync(path.join(tmpdir(), 'lumina-model-'));
const logs: SpillLog[] = [];
after(() => {
  for (const log of logs) log.close();
  rmSync(root, { recursive: true, force: true });
});

const throwIt = (error: unknown): void => {
  throw error;
};

let models = 0;
function createModel() {
  models += 1;
  const folder = path.join(root, String(models));
  const config = readEslConfig({
    ...{ LUMINA_REGION_ID: '1', KINESIS_REGION: 'eu-west-1', ESL_HOST: 'x', ESL_PASSWORD: 'x', ESL_SPILL_DIR: folder },
    ...{ ESL_TERRITORY_ID: '101', ESL_TEAMS: '{"a1": "t1"}' },
  });
  const metrics = createEslMetrics('w', {
    isConnected: () => true,
    isOverflowing: () => false,
    memoryBytes: () => 0,
    spilledBytes: () => 0,
    waitingBytes: () => 0,
    abandons: () => 0,
    snapshotAgesMs: () => [],
  });
  const log = new SpillLog(folder, throwIt);
  logs.push(log);
  const outbox = new Outbox(log, config, { onShed: throwIt, onLost: throwIt });
  const intake = new Intake(outbox, metrics, config.regionId, config.tenantVariables);
  const model = new SwitchModel({ config, journal: new StateJournal(folder, throwIt), intake, metrics });
  const taken = async (): Promise<Record<string, unknown>[]> =>
    (await outbox.peek()).map(
      ({ data }) => JSON.parse(decodeStreamRecord(data).bytes.toString()) as Record<string, unknown>,
    );
  return { model, metrics, taken };
}

const TEXTS = [
  '',
  'x',
  '0',
  '-1',
  'NaN',
  '1772532000',
  '1772532000000000',
  '99999999999999999999',
  'NONE',
  'Cancel',
  'null',
];
const HEADERS = [
  ...['Core-UUID', 'Event-Sequence', 'Event-Date-Timestamp', 'Unique-ID', 'Channel-Call-UUID', 'Call-Direction'],
  ...['CC-Action', 'CC-Queue', 'CC-Agent', 'CC-Agent-Status', 'CC-Agent-State', 'CC-Agent-Answered-Time', 'CC-Cause'],
  ...['CC-Member-UUID', 'CC-Member-Session-UUID', 'CC-Member-Joined-Time', 'CC-Cancel-Reason', 'variable_territory_id'],
  ...['Caller-Channel-Created-Time', 'Caller-Channel-Hangup-Time', '__proto__', 'constructor', 'variable_cc_side'],
];
const ACTIONS = [
  ...['member-queue-start', 'member-queue-resume', 'member-queue-end', 'bridge-agent-start', 'bridge-agent-end'],
  ...['agent-status-change', 'agent-state-change', 'members-count', 'agent-offering'],
];

describe('SwitchModel', () => {
  it('throws on no event, whatever its headers hold', () => {
    const name = fc.constantFrom(
      'CHANNEL_CREATE',
      'CHANNEL_HANGUP_COMPLETE',
      'DTMF',
      'CUSTOM',
      'TRAP',
      'HEARTBEAT',
      'OTHER',
    );
    const value = fc.oneof(fc.constantFrom(...TEXTS, ...ACTIONS), fc.string(), fc.constantFrom(null, 7, [], {}, ['a']));
    const event = fc
      .tuple(
        name,
        fc.constantFrom('callcenter::info', 'sofia::transferor', ''),
        fc.dictionary(fc.constantFrom(...HEADERS), value),
      )
      .map(([eventName, subclass, headers]) => ({ 'Event-Name': eventName, 'Event-Subclass': subclass, ...headers }));
    const { model } = createModel();
    fc.assert(
      fc.property(fc.array(event, { maxLength: 5 }), (events) => {
        for (const [order, one] of events.entries()) model.take(one, order);
      }),
      { numRuns: 1000 },
    );
  });

  it('tells an agent’s change as one event of its own, in the agent’s team', async () => {
    const { model, taken } = createModel();
    const head = {
      'Event-Name': 'CUSTOM',
      'Event-Subclass': 'callcenter::info',
      'Core-UUID': 'core-1',
      'CC-Agent': 'a1',
    };
    const change = { 'CC-Action': 'agent-status-change', 'CC-Agent-Status': 'On Break' };
    model.take({ ...head, ...change, 'Event-Sequence': '9', 'Event-Date-Timestamp': '1772532000123456' }, 1);
    model.take({ ...head, ...change, 'Event-Sequence': '10', 'Event-Date-Timestamp': '1772532001123456' }, 2);
    assert.deepEqual(
      (await taken()).map(({ type, id, teamId, since }) => [type, id, teamId, since]),
      [['AGENT_STATE', 'core-1:9', 't1', '2026-03-03T10:00:00.123Z']],
    );
  });

  it('lets an event that no worker will accept become a dead letter', async () => {
    const { model, taken } = createModel();
    model.take({ 'Event-Name': 'CHANNEL_HANGUP_COMPLETE', 'Unique-ID': 'c1', 'Channel-Call-UUID': 'c1' }, 1);
    assert.equal((await taken())[0]?.['Event-Name'], 'CHANNEL_HANGUP_COMPLETE');
  });
});
