import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { createSwitch, type Switch } from './create-switch.ts';
import { TestClient } from './testing/client.ts';

const PAUSE_MS = 150;

let target: Switch;
before(async () => {
  target = await createSwitch({ heartbeatMs: 0, eventQueueLength: 10 });
});
after(() => target.close());

async function listening(names = 'DTMF BACKGROUND_JOB HEARTBEAT'): Promise<TestClient> {
  const client = await TestClient.login(target.port);
  await client.ask(`event json ${names}`);
  return client;
}
const key = (): number => target.fire({ name: 'DTMF', headers: {} }).sequence;

describe('the faults of a switch', () => {
  it('holds everything back while it stalls, and loses nothing', async () => {
    const client = await listening();
    target.stall(PAUSE_MS);
    const startedMs = performance.now();
    const sequence = key();
    assert.equal((await client.event())['Event-Sequence'], String(sequence));
    assert.ok(performance.now() - startedMs >= PAUSE_MS - 5);
    client.end();
  });

  it('cuts a frame in the middle and sends the rest later', async () => {
    const client = await listening();
    target.cutNextFrame(PAUSE_MS);
    const sequence = key();
    await new Promise((resolve) => client.socket.once('data', resolve));
    const half = client.pending;
    assert.match(half, /^Content-Length: \d+\nContent-Type: text\/event-json\n\n\{/);
    assert.ok(!half.endsWith('}'));
    assert.equal((await client.event())['Event-Sequence'], String(sequence));
    client.end();
  });

  it('sends garbage as it is', async () => {
    const client = await listening();
    target.garble(Buffer.from([0xff, 0x00, 0x0a, 0x0a]));
    assert.equal((await client.frame()).head, '\ufffd\0');
    client.end();
  });

  it('resets a connection without a word', async () => {
    const client = await listening();
    target.drop();
    await client.closed();
    assert.equal(client.pending, '');
  });

  it('starts anew: says so, takes another Core-UUID and counts from 1', async () => {
    const client = await listening();
    const before = target.coreUuid;
    key();
    target.restart();
    let notice = await client.frame();
    while (!notice.head.includes('disconnect-notice')) notice = await client.frame();
    assert.equal(notice.body, 'The system is being shut down.\n');
    await client.closed();
    assert.notEqual(target.coreUuid, before);
    assert.equal(key(), 1);
  });

  it('refuses whom its access list does not know, rudely', async () => {
    target.refuse();
    const client = await TestClient.connect(target.port);
    assert.deepEqual(await client.frame(), {
      head: 'Content-Type: text/rude-rejection\nContent-Length: 24',
      body: 'Access Denied, go away.\n',
    });
    assert.match((await client.frame()).head, /disconnect-notice/);
    await client.closed();
    target.refuse(false);
  });

  it('drops what a full queue cannot take, and after 500 of those the listener', async () => {
    const client = await listening();
    target.stall(PAUSE_MS);
    for (let count = 0; count < 10 + 501; count += 1) key();
    const notice = await client.frame();
    assert.equal(notice.body, 'killed listener because of lost events\n');
    await client.closed();
  });

  it('loses events without a trace but the gap in their numbers', async () => {
    const client = await listening();
    const first = key();
    target.loseEvents(3);
    for (let count = 0; count < 4; count += 1) key();
    assert.equal((await client.event())['Event-Sequence'], String(first));
    assert.equal((await client.event())['Event-Sequence'], String(first + 4));
    client.end();
  });

  it('fails a command until it is mended, and takes its time for jobs', async () => {
    const client = await listening();
    target.failCommand('callcenter_config queue list', '-ERR no\n');
    target.delayJobs(PAUSE_MS);
    await client.ask('bgapi callcenter_config queue list members support');
    assert.equal((await client.event())['_body'], '-ERR no\n');
    target.mendCommand('callcenter_config queue list');
    target.delayJobs(0);
    await client.ask('bgapi callcenter_config queue list members support');
    assert.equal((await client.event())['_body'], '+OK\n');
    client.end();
  });

  it('floods at about the rate asked for', async () => {
    const roomy = await createSwitch({ heartbeatMs: 0 });
    const client = await TestClient.login(roomy.port);
    await client.ask('event json DTMF CHANNEL_PROGRESS');
    const fired = await roomy.flood(2_000, 200);
    assert.equal(fired, 400);
    for (let count = 0; count < fired; count += 1) await client.event();
    client.end();
    await roomy.close();
  });

  it('sends the same event again, number and all', async () => {
    const client = await listening();
    target.fireAgain(target.fire({ name: 'DTMF', headers: {} }));
    assert.deepEqual(await client.event(), await client.event());
    client.end();
  });

  it('knows when somebody listens', async () => {
    const quiet = await createSwitch({ heartbeatMs: 0 });
    const listened = quiet.listened();
    const client = await TestClient.login(quiet.port);
    await client.ask('event json DTMF');
    await listened;
    quiet.fire({ name: 'DTMF', headers: {} });
    await quiet.drained();
    assert.equal((await client.event())['Event-Sequence'], '1');
    client.end();
    await quiet.close();
  });

  it('beats by itself', async () => {
    const beating = await createSwitch({ heartbeatMs: 20 });
    const client = await TestClient.login(beating.port);
    await client.ask('event json HEARTBEAT');
    assert.equal((await client.event())['Event-Info'], 'System Ready');
    client.end();
    await beating.close();
  });
});
