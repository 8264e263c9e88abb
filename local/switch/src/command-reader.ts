/** A command as a client sent it: its first line, and the headers and body below it. */
export interface Command {
  readonly text: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
}

const NEWLINE = 0x0a;
const RETURN = 0x0d;
const MAX_CONTENT_LENGTH = 16 * 1024 * 1024;

/** Where the blank line ends that ends a command, or -1. */
function endOf(bytes: Buffer): number {
  let newlines = 0;
  for (const [index, byte] of bytes.entries()) {
    if (byte === NEWLINE) newlines += 1;
    else if (byte !== RETURN) newlines = 0;
    if (newlines === 2) return index + 1;
  }
  return -1;
}

function parse(text: string): Command {
  const [first = '', ...lines] = text.split(/\r?\n/);
  const headers: Record<string, string> = {};
  for (const line of lines) {
    const colon = line.indexOf(':');
    if (colon > 0) headers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trimStart();
  }
  return { text: first, headers };
}

/** Puts commands together from the bytes of a socket, which may be cut anywhere. */
export class CommandReader {
  #bytes: Buffer = Buffer.alloc(0);

  /** The commands that these bytes complete. @throws {RangeError} for a body that is too long or negative. */
  read(chunk: Buffer): Command[] {
    this.#bytes = Buffer.concat([this.#bytes, chunk]);
    const commands: Command[] = [];
    for (;;) {
      const start = this.#bytes.findIndex((byte) => byte !== NEWLINE && byte !== RETURN);
      this.#bytes = start === -1 ? Buffer.alloc(0) : this.#bytes.subarray(start);
      const end = endOf(this.#bytes);
      if (end === -1) return commands;
      const command = parse(this.#bytes.toString('utf8', 0, end));
      const bodyLength = Number(command.headers['content-length'] ?? 0);
      if (!(bodyLength >= 0 && bodyLength <= MAX_CONTENT_LENGTH))
        throw new RangeError('switch_content_length: the Content-Length of a command is out of range');
      if (this.#bytes.length < end + bodyLength) return commands;
      this.#bytes = this.#bytes.subarray(end + bodyLength);
      commands.push(command);
    }
  }
}
