import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { pino } from 'pino';

import { until } from '../testing/until.ts';
import { readEslConfig } from './config.ts';
import { Forwarder } from './forwarder.ts';
import { GatedStream } from './testing/gated-stream.ts';
import { SmallCentre } from './testing/small-centre.ts';

const logger = pino({ level: 'silent' });

let folder = '';
let centre: SmallCentre;
let stream: GatedStream;
const running: Forwarder[] = [];

beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'lumina-esl-'));
  centre = await SmallCentre.start();
  stream = new GatedStream();
});

afterEach(async () => {
  stream.open();
  await Promise.all(running.splice(0).map((one) => one.stop()));
  await centre.server.close();
  rmSync(folder, { recursive: true, force: true });
});

function start(settings: Record<string, string> = {}): Forwarder {
  const config = readEslConfig({
    LUMINA_REGION_ID: '1',
    KINESIS_REGION: 'eu-west-1',
    ESL_HOST: '127.0.0.1',
    ESL_PORT: String(centre.server.port),
    ESL_PASSWORD: 'ClueCon',
    ESL_TERRITORY_ID: '101',
    ESL_SNAPSHOT_INTERVAL_MS: '1000',
    ESL_SPILL_DIR: folder,
    ...settings,
  });
  const forwarder = new Forwarder(config, stream, logger);
  running.push(forwarder);
  void forwarder.run();
  return forwarder;
}

async function stop(forwarder: Forwarder): Promise<void> {
  running.splice(running.indexOf(forwarder), 1);
  await forwarder.stop();
}

async function ready(settings: Record<string, string> = {}): Promise<Forwarder> {
  const forwarder = start(settings);
  await until(async () => forwarder.isReady || undefined, 'a forwarder that is ready');
  return forwarder;
}

async function metric(forwarder: Forwarder, name: string, label = ''): Promise<number> {
  const text = await forwarder.registry.metrics();
  const line = text.split('\n').find((one) => one.startsWith(`${name}{`) && one.includes(label));
  return line === undefined ? 0 : Number(line.slice(line.lastIndexOf(' ') + 1));
}

const reached = (name: string, value: number, forwarder: Forwarder, label = ''): Promise<boolean> =>
  until(async () => ((await metric(forwarder, name, label)) >= value ? true : undefined), `${name}${label}`);

const raw = (action: string) => stream.streamed.filter(({ event }) => event['CC-Action'] === action);
const arrived = <T>(find: () => T[], count: number, what: string): Promise<T[]> =>
  until(async () => {
    const found = find();
    return found.length >= count ? found : undefined;
  }, what);

describe('Forwarder', () => {
  it('forwards what is counted, without what is personal, and nothing else', async () => {
    await ready();
    centre.join('m1', 'c1');
    centre.server.fire({ name: 'DTMF', headers: { 'Unique-ID': 'c1', 'Channel-Call-UUID': 'c1', 'DTMF-Digit': '7' } });
    centre.server.fire({ name: 'CHANNEL_CREATE', headers: { 'Unique-ID': 'leg', 'Channel-Call-UUID': 'c1' } });
    centre.abandon('m1', 'c1');
    centre.hangUp('c1');
    const [end] = await arrived(
      () => stream.streamed.filter(({ event }) => event['Event-Name'] === 'CHANNEL_HANGUP_COMPLETE'),
      1,
      'the end of the call',
    );
    assert.equal(end?.key, '101:c1');
    assert.equal(end.territoryId, 101);
    assert.equal(raw('member-queue-start').length, 1);
    assert.equal(raw('member-queue-end').length, 1);
    const text = stream.entries.map(({ data }) => Buffer.from(data).toString()).join('\n');
    assert.ok(!text.includes('442071234567'));
    assert.ok(!text.includes('DTMF-Digit'));
    assert.ok(!text.includes('"leg"'));
  });

  it('takes every owned snapshot at once after connecting, and by the clock of the switch', async () => {
    centre.join('m1', 'c1');
    centre.channels.push({
      ...{ uuid: 'c1', callUuid: 'c1', direction: 'inbound', createdMs: Date.now(), isAnswered: true },
      ...{ name: 'sofia/gateway/tr1/+4420', callerName: '', callerNumber: '', destination: '' },
    });
    await ready({ ESL_TRUNKS: '{"tr1": 30}', ESL_TEAMS: '{"a1": "t1"}', ESL_SNAPSHOT_INTERVAL_MS: '60000' });
    const byType = Object.fromEntries(stream.streamed.map(({ event }) => [event['type'], event]));
    assert.deepEqual(
      (byType['QUEUE_SNAPSHOT']?.['queues'] as { queueId: string; depth: number }[]).map(({ queueId, depth }) => [
        queueId,
        depth,
      ]),
      [
        ['q1@uk.example', 1],
        ['q2@uk.example', 0],
      ],
    );
    assert.deepEqual(byType['CALL_SNAPSHOT']?.['directions'], [
      { direction: 'inbound', inProgress: 1 },
      { direction: 'outbound', inProgress: 0 },
    ]);
    assert.deepEqual(byType['TRUNK_SNAPSHOT']?.['trunks'], [{ trunkId: 'tr1', busy: 1, capacity: 30 }]);
    const [agent] = byType['AGENT_SNAPSHOT']?.['agents'] as { teamId: string; state: string }[];
    assert.equal(agent?.teamId, 't1');
    assert.equal(agent.state, 'available');
    assert.ok(String(byType['QUEUE_SNAPSHOT']?.['id']).startsWith(`${centre.server.coreUuid}:QUEUE_SNAPSHOT:101:`));
  });

  it('sends no snapshot of a kind that could not be read whole, and goes on with the others', async () => {
    centre.server.failCommand('callcenter_config queue list members q2@uk.example');
    const forwarder = start();
    await reached('lumina_esl_snapshots_total', 2, forwarder, 'kind="queues",outcome="failed"');
    await arrived(() => stream.ofType('AGENT_SNAPSHOT'), 2, 'snapshots of agents');
    assert.equal(stream.ofType('QUEUE_SNAPSHOT').length, 0);
    assert.equal(forwarder.isReady, false);
    centre.server.mendCommand('callcenter_config queue list members q2@uk.example');
    await arrived(() => stream.ofType('QUEUE_SNAPSHOT'), 1, 'a snapshot of queues');
  });

  it('does not take a list without agents for agents that are gone', async () => {
    const forwarder = await ready();
    centre.agents.length = 0;
    const before = stream.ofType('AGENT_SNAPSHOT').length;
    await reached('lumina_esl_snapshots_total', 2, forwarder, 'kind="agents",outcome="failed"');
    assert.equal(stream.ofType('AGENT_SNAPSHOT').length, before);
    assert.equal(stream.ofType('AGENT_STATE').length, 1);
  });

  it('gives each territory its own snapshots, and refuses what belongs to none', async () => {
    centre.queues.push({ name: 'q9@us.example' }, { name: 'q8@elsewhere.example' });
    const domains = '{"uk.example": 101, "us.example": 202, "au.example": 303}';
    const forwarder = await ready({ ESL_TERRITORY_ID: '', ESL_DOMAINS: domains });
    const snapshots = stream.ofType('QUEUE_SNAPSHOT').slice(0, 3);
    assert.deepEqual(
      snapshots.map(({ territoryId, event }) => [
        territoryId,
        (event['queues'] as { queueId: string }[]).map(({ queueId }) => queueId),
      ]),
      [
        [101, ['q1@uk.example', 'q2@uk.example']],
        [202, ['q9@us.example']],
        [303, []],
      ],
    );
    centre.join('m1', 'c1', 'q9@us.example');
    const [joined] = await arrived(() => raw('member-queue-start'), 1, 'the join');
    assert.equal(joined?.territoryId, 202);
    centre.hangUp('c2', { variable_territory_id: '404' });
    await reached('lumina_esl_rejected_total', 1, forwarder, 'code="unknown_tenant"');
  });

  it('tells each change of an agent once, with the state before, over a restart of its own', async () => {
    const first = await ready();
    centre.setStatus('a1', 'On Break');
    const [opened, away] = await arrived(() => stream.ofType('AGENT_STATE'), 2, 'the break');
    assert.equal(opened?.event['previous'], null);
    assert.deepEqual(away?.event['previous'], { state: 'available', since: opened.event['since'] });
    await stop(first);
    await ready();
    centre.setStatus('a1', 'Available');
    const states = await arrived(() => stream.ofType('AGENT_STATE'), 3, 'the end of the break');
    assert.equal(states.length, 3);
    assert.deepEqual(states[2]?.event['previous'], { state: 'away', since: away.event['since'] });
    assert.equal(raw('agent-status-change').length, 0);
  });

  it('makes up for a change that it missed', async () => {
    const first = await ready();
    await stop(first);
    centre.agents[0] = {
      name: 'a1',
      status: 'On Break',
      state: 'Waiting',
      lastStatusChangeEpoch: Math.floor(Date.now() / 1000),
    };
    await ready();
    const [, away] = await arrived(() => stream.ofType('AGENT_STATE'), 2, 'the break');
    assert.equal(away?.event['state'], 'away');
  });

  it('leaves agents alone that another source owns', async () => {
    const forwarder = await ready({ ESL_SNAPSHOTS: 'queues,calls' });
    centre.setStatus('a1', 'On Break');
    await reached('lumina_esl_ignored_total', 1, forwarder);
    await arrived(() => stream.ofType('QUEUE_SNAPSHOT'), 2, 'snapshots of queues');
    assert.equal(stream.ofType('AGENT_STATE').length + stream.ofType('AGENT_SNAPSHOT').length, 0);
  });

  it('names the abandon that a returning caller undoes, over a restart of its own', async () => {
    const first = await ready();
    centre.join('m1', 'c1');
    centre.abandon('m1', 'c1');
    const [left] = await arrived(() => raw('member-queue-end'), 1, 'the abandon');
    await stop(first);
    await ready();
    centre.join('m1', 'c2', 'q1@uk.example', 'member-queue-resume');
    centre.join('m7', 'c7', 'q1@uk.example', 'member-queue-resume');
    const [resumed, unmatched] = await arrived(() => raw('member-queue-resume'), 2, 'the returns');
    assert.equal(resumed?.event['Lumina-Undoes-Stay'], 'm1:c1');
    assert.equal(
      resumed.event['Lumina-Undoes-Time'],
      String(Math.floor(Number(left?.event['Event-Date-Timestamp']) / 1000)),
    );
    assert.equal(unmatched?.event['Lumina-Undoes-Stay'], undefined);
  });
});

describe('Forwarder under faults', () => {
  it('comes back after a reset, garbage and a restart of the switch, and takes its snapshots again', async () => {
    const forwarder = await ready({ ESL_SNAPSHOT_INTERVAL_MS: '60000' });
    const faults = [
      () => {
        centre.server.drop();
      },
      () => {
        centre.server.garble('this is no frame\n\n');
      },
      () => {
        centre.server.restart();
      },
    ];
    for (const [index, fault] of faults.entries()) {
      const ended = centre.server.ended();
      fault();
      await ended;
      await centre.server.listened();
      await arrived(() => stream.ofType('QUEUE_SNAPSHOT'), index + 2, 'a snapshot after the fault');
    }
    assert.equal(await metric(forwarder, 'lumina_esl_connects_total'), 4);
    await reached('lumina_esl_switch_restarts_total', 1, forwarder);
    assert.equal(await metric(forwarder, 'lumina_esl_disconnects_total', 'code="esl_garbage"'), 1);
  });

  it('waits for the rest of a frame that was cut', async () => {
    await ready();
    centre.server.cutNextFrame(300);
    centre.hangUp('c1');
    centre.hangUp('c2');
    await arrived(() => stream.streamed.filter(({ event }) => event['Event-Name'] !== undefined), 2, 'both ends');
  });

  it('gives up a switch that falls silent, and connects anew', async () => {
    const forwarder = await ready({ ESL_SILENCE_LIMIT_MS: '1000', ESL_SNAPSHOT_INTERVAL_MS: '60000' });
    centre.server.stall(60_000);
    await reached('lumina_esl_disconnects_total', 1, forwarder, 'code="esl_silent"');
    await reached('lumina_esl_connects_total', 2, forwarder);
  });

  it('counts what the switch admits to have lost', async () => {
    const forwarder = await ready();
    centre.server.fire({ name: 'TRAP', headers: { info: 'lost 17 events!' } });
    await reached('lumina_esl_lost_by_switch_total', 17, forwarder);
  });

  it('says what is wrong when the password is refused', async () => {
    const forwarder = start({ ESL_PASSWORD: 'wrong' });
    await reached('lumina_esl_disconnects_total', 1, forwarder, 'code="esl_auth_refused"');
    assert.equal(forwarder.isReady, false);
  });

  it('loses nothing while the stream takes nothing, and keeps the order', async () => {
    const forwarder = await ready({ ESL_MEMORY_BYTES: '1048576' });
    stream.shut();
    const calls = 5000;
    for (let call = 0; call < calls; call += 1) centre.hangUp(`c${String(call)}`);
    await reached('lumina_esl_events_total', calls, forwarder, 'class="vital"');
    assert.ok((await metric(forwarder, 'lumina_esl_spilled_bytes')) > 0);
    assert.ok((await metric(forwarder, 'lumina_esl_memory_bytes')) <= 1_048_576);
    stream.open();
    const ends = await arrived(
      () => stream.streamed.filter(({ event }) => event['Event-Name'] !== undefined),
      calls,
      'all ends',
    );
    assert.deepEqual(
      ends.map(({ event }) => event['Unique-ID']),
      Array.from({ length: calls }, (_, call) => `c${String(call)}`),
    );
  });

  it('sheds details first, then stops listening rather than lose ends of calls unsaid', async () => {
    const forwarder = await ready({ ESL_MEMORY_BYTES: '1048576', ESL_SPILL_BYTES: '1048576' });
    stream.shut();
    for (let call = 0; call < 3000; call += 1) {
      centre.server.fire({
        name: 'DTMF',
        headers: { 'Unique-ID': `d${String(call)}`, 'Channel-Call-UUID': `d${String(call)}`, 'DTMF-Digit': '1' },
      });
    }
    await reached('lumina_esl_shed_total', 1, forwarder, 'class="detail"');
    assert.equal(await metric(forwarder, 'lumina_esl_shed_total', 'class="vital"'), 0);
    const ended = centre.server.ended();
    for (let call = 0; call < 2500; call += 1) centre.hangUp(`v${String(call)}`);
    await ended;
    assert.equal(await metric(forwarder, 'lumina_esl_overflowing'), 1);
    assert.equal(forwarder.isReady, false);
    const kept = await metric(forwarder, 'lumina_esl_events_total', 'class="vital"');
    stream.open();
    await centre.server.listened();
    await until(async () => forwarder.isReady || undefined, 'a forwarder that listens again');
    const vital = await arrived(
      () => stream.streamed.filter(({ event }) => event['Event-Name'] === 'CHANNEL_HANGUP_COMPLETE'),
      kept,
      'all ends that were kept',
    );
    assert.equal(vital.length, kept);
  });
});
