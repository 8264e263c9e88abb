/** Name and value of each header, in order; a name may come twice. */
export type Headers = readonly (readonly [name: string, value: string])[];

/** One event of a switch. The same one may be sent to many listeners, in the format of each. */
export interface SwitchEvent {
  readonly name: string;
  readonly subclass: string | undefined;
  readonly sequence: number;
  readonly headers: Headers;
  readonly body: string | undefined;
}

/** The formats in which a listener may want its events. */
export type EventFormat = 'plain' | 'json' | 'xml';

/** A header's value as filters look it up: names are case-insensitive, the first one counts. */
export function headerOf(event: SwitchEvent, name: string): string | undefined {
  const wanted = name.toLowerCase();
  return event.headers.find(([key]) => key.toLowerCase() === wanted)?.[1];
}

/** What switch_utils.h calls unsafe in a plain header. */
const UNSAFE = new Set('\r\n #%&+:;<=>?@[\\]^`{|}"');
const PLAIN_FIRST = 0x20;
const PLAIN_LAST = 0x7e;

/** Percent-encodes a value by bytes, as switch_url_encode does: what already looks encoded stays. */
export function urlEncode(value: string): string {
  let text = '';
  const bytes = Buffer.from(value);
  for (const [index, byte] of bytes.entries()) {
    const char = String.fromCharCode(byte);
    const isEncodedAlready = char === '%' && /^[0-9A-F]{2}$/.test(bytes.toString('latin1', index + 1, index + 3));
    const isUnsafe = byte < PLAIN_FIRST || byte > PLAIN_LAST || UNSAFE.has(char);
    text += isUnsafe && !isEncodedAlready ? `%${byte.toString(16).toUpperCase().padStart(2, '0')}` : char;
  }
  return text;
}

function jsonOf({ headers, body }: SwitchEvent): string {
  const pairs = [...headers];
  if (body !== undefined) pairs.push(['Content-Length', String(Buffer.byteLength(body))], ['_body', body]);
  // By hand: an object could not hold a name twice, and a real switch may send one.
  return `{${pairs.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join(',')}}`;
}

function plainOf({ headers, body }: SwitchEvent): string {
  const lines = headers.map(([name, value]) => `${name}: ${urlEncode(value) || '_undef_'}\n`).join('');
  if (body === undefined || body === '') return `${lines}\n`;
  return `${lines}Content-Length: ${String(Buffer.byteLength(body))}\n\n${body}`;
}

const XML_ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function xmlOf({ headers, body }: SwitchEvent): string {
  const lines = headers.map(([name, value]) => `    <${name}>${urlEncode(value)}</${name}>\n`).join('');
  const text = body?.replace(/[&<>"]/g, (char) => XML_ESCAPES[char] ?? char);
  const end =
    text === undefined
      ? ''
      : `  <Content-Length>${String(Buffer.byteLength(body ?? ''))}</Content-Length>\n  <body>${text}</body>\n`;
  return `<event>\n  <headers>\n${lines}  </headers>\n${end}</event>`;
}

/** The bytes of an event on the wire, its frame around it. */
export function eventFrame(event: SwitchEvent, format: EventFormat): Buffer {
  const text = format === 'json' ? jsonOf(event) : format === 'plain' ? plainOf(event) : xmlOf(event);
  const payload = Buffer.from(text);
  const head = `Content-Length: ${String(payload.length)}\nContent-Type: text/event-${format}\n\n`;
  return Buffer.concat([Buffer.from(head), payload]);
}
