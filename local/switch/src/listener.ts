import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';

import { CommandReader, type Command } from './command-reader.ts';
import type { SwitchEvent } from './event.ts';
import { Outgoing } from './outgoing.ts';
import { Subscription } from './subscription.ts';

/** What a connection needs of its switch. */
export interface ListenerHost {
  readonly password: string;
  /** Whether its access list refuses everybody. */
  readonly isRefusing: boolean;
  /** Events that wait for one listener at most. */
  readonly eventQueueLength: number;
  /** Answers a command of the API; undefined for one that no module has. */
  api(command: string, argument: string): string | undefined;
  /** Runs a command in the background; its reply is a BACKGROUND_JOB event. */
  job(jobId: string, command: string, argument: string): void;
  /** After a command: what the listener wants may be different now. */
  readonly onCommand: () => void;
  readonly onEnd: (listener: Listener) => void;
}

/** More events than this lost for a full queue end the connection. */
const MAX_MISSED = 500;
const RUDE = 'Access Denied, go away.\n';
const GOODBYE = 'Disconnected, goodbye.\nSee you at ClueCon! http://www.cluecon.com/\n';

const replyFrame = (text: string): string => `Content-Type: command/reply\nReply-Text: ${text}\n\n`;

/** Splits a command's first word off. */
function splitFirst(text: string): [first: string, rest: string] {
  const space = text.indexOf(' ');
  return space === -1 ? [text, ''] : [text.slice(0, space), text.slice(space + 1)];
}

const wordsOf = (text: string): string[] => text.split(' ').filter((word) => word !== '');

/** One connection to the event socket, from the request to authenticate to the notice of its end. */
export class Listener {
  readonly outgoing: Outgoing;
  readonly #socket: Socket;
  readonly #host: ListenerHost;
  readonly #reader = new CommandReader();
  readonly #subscription = new Subscription();
  #isAuthenticated = false;
  #isEnding = false;
  #lost = 0;

  constructor(socket: Socket, host: ListenerHost) {
    this.#socket = socket;
    this.#host = host;
    this.outgoing = new Outgoing(socket, host.eventQueueLength, () => this.#subscription.format);
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => {
      this.#take(chunk);
    });
    // A client that goes away without a word is none of the switch's business.
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      host.onEnd(this);
    });
    if (host.isRefusing) {
      this.outgoing.reply(`Content-Type: text/rude-rejection\nContent-Length: ${String(RUDE.length)}\n\n${RUDE}`);
      this.end(GOODBYE);
    } else this.outgoing.reply('Content-Type: auth/request\n\n');
  }

  /** Whether it authenticated and asked for events. */
  get isListening(): boolean {
    return this.#subscription.isListening;
  }

  /** Queues an event if this listener wants it; one too many lost events ends the connection. */
  offer(event: SwitchEvent): void {
    if (this.#isEnding || !this.#subscription.wants(event)) return;
    if (this.outgoing.event(event)) {
      this.#lost = 0;
      return;
    }
    this.#lost += 1;
    if (this.#lost > MAX_MISSED) this.end('killed listener because of lost events\n');
  }

  /** Says goodbye and closes, without what still waits to be sent. */
  end(message: string): void {
    if (this.#isEnding) return;
    this.#isEnding = true;
    this.outgoing.flushEvents();
    const notice = `Content-Type: text/disconnect-notice\nContent-Length: ${String(Buffer.byteLength(message))}\n\n`;
    this.outgoing.reply(notice + message);
    void this.outgoing.drained().then(() => this.#socket.end());
  }

  /** Closes without a word. */
  destroy(): void {
    this.#isEnding = true;
    this.#socket.resetAndDestroy();
  }

  #take(chunk: Buffer): void {
    try {
      for (const command of this.#reader.read(chunk)) {
        if (this.#isEnding) return;
        this.#obey(command);
        this.#host.onCommand();
      }
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      this.end(GOODBYE);
    }
  }

  #obey(command: Command): void {
    const { text } = command;
    const [first, rest] = splitFirst(text);
    const word = first.toLowerCase();
    if (word.startsWith('exit') || word.startsWith('...')) {
      this.outgoing.reply(replyFrame('+OK bye'));
      this.end(GOODBYE);
      return;
    }
    if (!this.#isAuthenticated) {
      this.#authenticate(word, rest);
      return;
    }
    if (word === 'api' && rest !== '') this.#api(rest);
    else if (word === 'bgapi' && rest !== '') this.#background(rest, command.headers['job-uuid'] ?? randomUUID());
    else this.outgoing.reply(replyFrame(this.#subscribe(word, rest)));
  }

  #authenticate(word: string, password: string): void {
    if (word !== 'auth') {
      this.outgoing.reply(replyFrame('-ERR command not found'));
      return;
    }
    this.#isAuthenticated = password === this.#host.password;
    this.outgoing.reply(replyFrame(this.#isAuthenticated ? '+OK accepted' : '-ERR invalid'));
    if (!this.#isAuthenticated) this.end(GOODBYE);
  }

  #api(text: string): void {
    const [command, argument] = splitFirst(text);
    const output = this.#host.api(command, argument) ?? `-ERR ${command} Command not found!\n`;
    const reply = output === '' ? '-ERR no reply\n' : output;
    this.outgoing.reply(`Content-Type: api/response\nContent-Length: ${String(Buffer.byteLength(reply))}\n\n${reply}`);
  }

  #background(text: string, jobId: string): void {
    const [command, argument] = splitFirst(text);
    const lines = `Reply-Text: +OK Job-UUID: ${jobId}\nJob-UUID: ${jobId}\n\n`;
    this.outgoing.reply(`Content-Type: command/reply\n${lines}`);
    this.#host.job(jobId, command, argument);
  }

  #subscribe(word: string, rest: string): string {
    if (word === 'filter' && rest !== '') return this.#subscription.filter(rest);
    if (word.startsWith('event')) return this.#subscription.listen(wordsOf(rest));
    if (word.startsWith('nixevent')) return this.#subscription.nix(wordsOf(rest));
    if (!word.startsWith('noevents')) return '-ERR command not found';
    this.outgoing.flushEvents();
    return this.#subscription.silence();
  }
}
