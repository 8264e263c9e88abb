import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, it } from 'node:test';

import { EslError } from './esl-error.ts';
import { EslSession } from './session.ts';
import type { SwitchEvent } from './switch-event.ts';

/** A socket that says what the test tells it to, and keeps what it hears. */
class Script {
  readonly server: Server;
  readonly heard: string[] = [];
  socket: Socket | undefined;
  private waiting: (() => void)[] = [];

  constructor(greeting: string) {
    this.server = createServer((socket) => {
      this.socket = socket;
      socket.on('error', () => undefined);
      let text = '';
      socket.on('data', (chunk) => {
        text += chunk.toString();
        for (let end = text.indexOf('\n\n'); end !== -1; end = text.indexOf('\n\n')) {
          this.heard.push(text.slice(0, end));
          text = text.slice(end + 2);
        }
        for (const wake of this.waiting.splice(0)) wake();
      });
      socket.write(greeting);
    });
  }

  say(text: string): void {
    this.socket?.write(text);
  }

  reply(text: string): void {
    this.say(`Content-Type: command/reply\nReply-Text: ${text}\n\n`);
  }

  event(event: object): void {
    const body = JSON.stringify(event);
    this.say(`Content-Length: ${String(Buffer.byteLength(body))}\nContent-Type: text/event-json\n\n${body}`);
  }

  async commands(count: number): Promise<string[]> {
    while (this.heard.length < count) await new Promise<void>((resolve) => this.waiting.push(resolve));
    return this.heard;
  }
}

const GREETING = 'Content-Type: auth/request\n\n';

let script: Script;
let events: SwitchEvent[] = [];
let malformed = 0;

async function serve(greeting = GREETING): Promise<void> {
  script = new Script(greeting);
  script.server.listen(0, '127.0.0.1');
  await once(script.server, 'listening');
}

const open = (): Promise<EslSession> =>
  EslSession.open(
    { host: '127.0.0.1', port: (script.server.address() as AddressInfo).port, password: 'pw', silenceLimitMs: 60_000 },
    {
      onEvent: (event) => events.push(event),
      onMalformed: () => {
        malformed += 1;
      },
    },
    new AbortController().signal,
  );

async function opened(): Promise<EslSession> {
  const opening = open();
  await script.commands(1);
  script.reply('+OK accepted');
  await script.commands(2);
  script.reply('+OK event listener enabled json');
  return opening;
}

const hasCode = (code: string) => (error: unknown) => error instanceof EslError && error.code === code;

describe('EslSession', () => {
  beforeEach(() => {
    events = [];
    malformed = 0;
  });

  afterEach(async () => {
    script.socket?.destroy();
    const closed = once(script.server, 'close');
    script.server.close();
    await closed;
  });

  it('authenticates, then subscribes to what it needs, subclasses last', async () => {
    await serve();
    const session = await opened();
    assert.equal(script.heard[0], 'auth pw');
    assert.match(script.heard[1] ?? '', /^event json CHANNEL_CREATE .* CUSTOM callcenter::info sofia::transferor$/);
    session.destroy(new Error('done'));
  });

  it('says that the password is refused', async () => {
    await serve();
    const opening = open();
    await script.commands(1);
    script.reply('-ERR invalid');
    await assert.rejects(opening, hasCode('esl_auth_refused'));
  });

  it('says that the access list refuses it', async () => {
    await serve('Content-Type: text/rude-rejection\nContent-Length: 24\n\nAccess Denied, go away.\n');
    await assert.rejects(open(), hasCode('esl_rejected'));
  });

  it('says that the switch refuses the subscription', async () => {
    await serve();
    const opening = open();
    await script.commands(1);
    script.reply('+OK accepted');
    await script.commands(2);
    script.reply('-ERR permission denied');
    await assert.rejects(opening, hasCode('esl_command_failed'));
  });

  it('knows what is no event socket', async () => {
    await serve('SSH-2.0-OpenSSH_9.2\r\n\r\n');
    await assert.rejects(open(), hasCode('esl_garbage'));
  });

  it('gives answers of jobs to who asked, in whatever order, at their place among the events', async () => {
    await serve();
    const session = await opened();
    const order: string[] = [];
    const ask = (command: string): Promise<string> =>
      session.job(command, 60_000, ({ event }) => {
        order.push(command, String(events.length));
        return String(event['_body']);
      });
    const jobs = Promise.all([ask('first'), ask('second')]);
    const [first, second] = (await script.commands(4)).slice(2).map((text) => /Job-UUID: (\S+)/.exec(text)?.[1]);
    script.reply('+OK Job-UUID: x');
    script.reply('+OK Job-UUID: y');
    script.event({ 'Event-Name': 'BACKGROUND_JOB', 'Job-UUID': 'of somebody else', _body: 'no' });
    script.event({ 'Event-Name': 'BACKGROUND_JOB', 'Job-UUID': second, _body: '2' });
    script.event({ 'Event-Name': 'HEARTBEAT' });
    script.event({ 'Event-Name': 'BACKGROUND_JOB', 'Job-UUID': first, _body: '1' });
    script.event({ 'Event-Name': 'HEARTBEAT' });
    assert.deepEqual(await jobs, ['1', '2']);
    assert.deepEqual(order, ['second', '1', 'first', '3']);
    session.destroy(new Error('done'));
  });

  it('fails a job that its switch refuses, or whose answer cannot be read', async () => {
    await serve();
    const session = await opened();
    const refused = session.job('x', 60_000, () => 'read');
    await script.commands(3);
    script.reply('-ERR permission denied');
    await assert.rejects(refused, hasCode('esl_command_failed'));
    const unreadable = session.job('y', 60_000, () => {
      throw new EslError('esl_command_failed', 'half a list');
    });
    const uuid = /Job-UUID: (\S+)/.exec((await script.commands(4))[3] ?? '')?.[1];
    script.reply('+OK');
    script.event({ 'Event-Name': 'BACKGROUND_JOB', 'Job-UUID': uuid, _body: '' });
    await assert.rejects(unreadable, hasCode('esl_command_failed'));
    session.destroy(new Error('done'));
  });

  it('reads on after an event that is none, and passes over what it did not ask for', async () => {
    await serve();
    const session = await opened();
    script.say('Content-Length: 3\nContent-Type: text/event-json\n\n{"a');
    script.say('Content-Type: log/data\nContent-Length: 5\nLog-Level: 7\n\nhello');
    script.say('Content-Type: text/disconnect-notice\nContent-Disposition: linger\nContent-Length: 0\n\n');
    script.event({ 'Event-Name': 'HEARTBEAT' });
    const asked = session.command('noop');
    await script.commands(3);
    script.reply('+OK');
    await asked;
    assert.equal(malformed, 1);
    assert.equal(events.length, 1);
    session.destroy(new Error('done'));
  });

  it('ends when the switch says so, and fails all that waits', async () => {
    await serve();
    const session = await opened();
    const job = session.job('x', 60_000, () => 'read');
    await script.commands(3);
    script.say('Content-Type: text/disconnect-notice\nContent-Length: 14\n\nDisconnected!\n');
    await assert.rejects(session.closed, hasCode('esl_closed'));
    await assert.rejects(job, hasCode('esl_closed'));
    await assert.rejects(session.command('noop'), hasCode('esl_closed'));
  });

  it('ends on a frame of no known type', async () => {
    await serve();
    const session = await opened();
    script.say('Content-Type: text/html\n\n');
    await assert.rejects(session.closed, hasCode('esl_garbage'));
  });
});
