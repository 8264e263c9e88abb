import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';

import { createSwitch, type Switch } from './create-switch.ts';
import type { SwitchState } from './state.ts';
import { TestClient } from './testing/client.ts';

const NOW_MS = Date.parse('2026-11-25T12:00:00.250Z');
const member = { callerNumber: '+442079460001', callerName: 'Zoë', joinedEpoch: 1_795_000_000 };
const leg = {
  createdMs: NOW_MS - 5_000,
  isAnswered: true,
  callerNumber: '+44',
  callerName: 'Zoë',
  destination: '8000',
};
const state: SwitchState = {
  queues: () => [{ name: 'support@acme.example', discardAbandonedAfterS: 60, answered: 4, abandoned: 1 }],
  members: (queue) =>
    queue === 'empty'
      ? []
      : [
          { queue: 'support@acme.example', uuid: 'm-1', sessionUuid: 's-1', state: 'Trying', ...member },
          { queue: 'support@acme.example', uuid: 'm-2', sessionUuid: '', state: 'Abandoned', ...member },
        ],
  agents: () => [{ name: '1001@acme.example', status: 'Available', state: 'Waiting' }],
  channels: () => [
    { uuid: 'c-1', callUuid: 'c-1', direction: 'inbound', name: 'sofia/gateway/tr_1/8000', ...leg },
    { uuid: 'c-2', callUuid: 'c-1', direction: 'outbound', name: 'sofia/internal/1001', ...leg },
  ],
};

let target: Switch;
let client: TestClient;
before(async () => {
  target = await createSwitch({ state, heartbeatMs: 0, clock: { nowMs: () => NOW_MS } });
});
after(() => target.close());

describe('authentication', () => {
  it('asks first, refuses a wrong password and says goodbye', async () => {
    const stranger = await TestClient.connect(target.port);
    assert.equal((await stranger.frame()).head, 'Content-Type: auth/request');
    assert.equal(
      (await stranger.ask('api status')).head,
      'Content-Type: command/reply\nReply-Text: -ERR command not found',
    );
    assert.equal((await stranger.ask('auth guess')).head, 'Content-Type: command/reply\nReply-Text: -ERR invalid');
    const notice = await stranger.frame();
    assert.equal(notice.head, 'Content-Type: text/disconnect-notice\nContent-Length: 67');
    assert.equal(notice.body, 'Disconnected, goodbye.\nSee you at ClueCon! http://www.cluecon.com/\n');
    await stranger.closed();
  });
});

describe('commands', () => {
  beforeEach(async () => {
    client = await TestClient.login(target.port);
  });
  afterEach(() => {
    client.end();
  });
  const reply = async (command: string): Promise<string> =>
    (await client.ask(command)).head.replace('Content-Type: command/reply\nReply-Text: ', '');

  it('answers as mod_event_socket does', async () => {
    assert.equal(await reply('event json HEARTBEAT CUSTOM callcenter::info'), '+OK event listener enabled json');
    assert.equal(await reply('event plain SWITCH_EVENT_HEARTBEAT'), '+OK event listener enabled plain');
    assert.equal(await reply('event json NO_SUCH_EVENT'), '-ERR no keywords supplied');
    assert.equal(await reply('filter Unique-ID c-1'), '+OK filter added. [Unique-ID]=[c-1]');
    assert.equal(await reply('filter delete all'), '+OK filter deleted. [all][]');
    assert.equal(await reply('filter Unique-ID'), '-ERR invalid syntax');
    assert.equal(await reply('nixevent HEARTBEAT'), '+OK events nixed');
    assert.equal(await reply('noevents'), '+OK no longer listening for events');
    assert.equal(await reply('noevents'), '-ERR not listening for events');
    assert.equal(await reply('dance'), '-ERR command not found');
    assert.equal(await reply('exit'), '+OK bye');
    assert.match((await client.frame()).head, /text\/disconnect-notice/);
  });

  it('understands commands in any pieces, with carriage returns and headers', async () => {
    for (const piece of ['\r\nevent js', 'on HEART', 'BEAT\r\nIgnored: yes\r', '\n\r\nnoev', 'ents\n', '\n']) {
      client.socket.write(piece);
      await new Promise((resolve) => setImmediate(resolve));
    }
    assert.match((await client.frame()).head, /enabled json/);
    assert.match((await client.frame()).head, /no longer listening/);
  });

  it('answers api commands with the texts of the modules', async () => {
    const api = async (command: string): Promise<string> => (await client.ask(`api ${command}`)).body;
    assert.equal(await api('strepoch'), String(Math.floor(NOW_MS / 1000)));
    assert.equal(await api('nonsense 1'), '-ERR nonsense Command not found!\n');
    assert.equal(await api('callcenter_config queue list members empty'), '+OK\n');
    assert.equal(await api('callcenter_config queue'), '-ERR Invalid!\n');
    assert.match(await api('status'), /^UP 0 years, 0 days, .*\nFreeSWITCH \(Version .*\) is ready\n/);
    assert.equal(
      (await api('callcenter_config queue list')).split('\n')[1],
      'support@acme.example|longest-idle-agent|local_stream://moh|system|false|300|true|false|60|true|0|0|5|(null)|4|1|10|true|On Break',
    );
    const members = (await api('callcenter_config queue list members support@acme.example')).split('\n');
    assert.match(members[0] ?? '', /^queue\|instance_id\|uuid\|session_uuid\|cid_number\|cid_name\|.*\|state\|score$/);
    assert.match(members[1] ?? '', /^support@acme\.example\|single_box\|m-1\|s-1\|.*\|Trying\|\d+$/);
    assert.deepEqual([members.length, members[3]], [5, '+OK']);
    const agents = (await api('callcenter_config agent list')).split('\n');
    assert.equal(agents[0]?.split('|').length, agents[1]?.split('|').length);
    const channels = JSON.parse(await api('show channels as json')) as {
      row_count: number;
      rows: { call_uuid: string }[];
    };
    assert.deepEqual([channels.row_count, channels.rows[1]?.call_uuid], [2, 'c-1']);
  });

  it('tells the length of a reply in bytes', async () => {
    const { head, body } = await client.ask('api callcenter_config queue list members support@acme.example');
    assert.equal(head, `Content-Type: api/response\nContent-Length: ${String(Buffer.byteLength(body))}`);
    assert.notEqual(Buffer.byteLength(body), body.length);
  });

  it('runs a background job and tells its end by the clock of the switch', async () => {
    await client.ask('event json BACKGROUND_JOB');
    client.send('bgapi callcenter_config queue list\nJob-UUID: job-1');
    assert.equal(
      (await client.frame()).head,
      'Content-Type: command/reply\nReply-Text: +OK Job-UUID: job-1\nJob-UUID: job-1',
    );
    const event = await client.event();
    assert.equal(event['Job-UUID'], 'job-1');
    assert.equal(event['Job-Command'], 'callcenter_config');
    assert.equal(event['Job-Command-Arg'], 'queue list');
    assert.equal(event['Event-Date-Timestamp'], `${String(NOW_MS)}000`);
    assert.match(event['_body'] ?? '', /^name\|strategy/);
  });

  it('sends the events that were asked for, and of those only what a filter lets through', async () => {
    await client.ask('event json CHANNEL_CREATE CUSTOM callcenter::info');
    const fire = (name: string, headers: Record<string, string>): number => target.fire({ name, headers }).sequence;
    fire('DTMF', { 'Unique-ID': 'a' });
    fire('CUSTOM', { 'Event-Subclass': 'sofia::register' });
    const first = fire('CUSTOM', { 'Event-Subclass': 'callcenter::info', 'CC-Queue': 'support' });
    assert.equal((await client.event())['Event-Sequence'], String(first));
    await client.ask('filter Call-Direction inbound');
    fire('CHANNEL_CREATE', { 'Call-Direction': 'outbound' });
    const second = fire('CHANNEL_CREATE', { 'call-direction': 'Inbound' });
    assert.equal((await client.event())['Event-Sequence'], String(second));
    await client.ask('filter Unique-ID -b');
    fire('CHANNEL_CREATE', { 'Call-Direction': 'inbound', 'Unique-ID': 'b' });
    const third = fire('CHANNEL_CREATE', { 'Call-Direction': 'inbound', 'Unique-ID': 'c' });
    assert.equal((await client.event())['Event-Sequence'], String(third));
  });

  it('dresses channel events as a real switch does, and names a header twice', async () => {
    await client.ask('event json CHANNEL_HANGUP_COMPLETE');
    target.fire({ name: 'CHANNEL_HANGUP_COMPLETE', headers: { 'Unique-ID': 'x', 'Hangup-Cause': 'NORMAL_CLEARING' } });
    const { body } = await client.frame();
    assert.equal(body.match(/"Hangup-Cause":/g)?.length, 2);
    assert.ok(Object.keys(JSON.parse(body) as object).length > 50);
    assert.ok(body.includes('Zoë'));
  });

  it('percent-encodes plain events by bytes', async () => {
    await client.ask('event plain DTMF');
    target.fire({ name: 'DTMF', headers: { Text: '100 % ë', Empty: '' }, body: 'a\nb' });
    const { head, body } = await client.frame();
    assert.match(head, /^Content-Length: \d+\nContent-Type: text\/event-plain$/);
    assert.ok(body.includes('Text: 100%20%25%20%C3%AB\nEmpty: _undef_\n'));
    assert.ok(body.endsWith('Content-Length: 3\n\na\nb'));
  });
});
