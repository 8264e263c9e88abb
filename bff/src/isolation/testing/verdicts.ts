import type { Answer, Attempt } from './wire.ts';

/** Long enough to hold a mark in base64. */
const ENCODED = /[A-Za-z0-9_-]{16,}/g;
const SHOWN_LENGTH = 600;

/** The text, and what is in it in base64: cursors and ids are written so. */
function told({ rawHeaders, body }: Pick<Answer, 'rawHeaders' | 'body'>): string {
  const text = `${rawHeaders.join('\n')}\n${body}`;
  const decoded = [...text.matchAll(ENCODED)].map(([word]) => Buffer.from(word, 'base64url').toString('latin1'));
  return [text, ...decoded].join('\n');
}

/** The marks that an answer contains. */
export function marksIn(answer: Pick<Answer, 'rawHeaders' | 'body'>, marks: readonly string[]): readonly string[] {
  const text = told(answer);
  return marks.filter((mark) => text.includes(mark));
}

/** What an attempt and its answer were, for whoever reads of a failure. Tokens stay out of it. */
export function described({ method, path, body }: Attempt, answer: Answer): string {
  const sent = body === undefined ? '' : ` ${body.slice(0, SHOWN_LENGTH)}`;
  return `${method} ${path}${sent} -> ${String(answer.status)} ${answer.body.slice(0, SHOWN_LENGTH)}`;
}

const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;
/** Headers that tell of one exchange and not of what was asked. */
const OF_THE_EXCHANGE = new Set(['date', 'x-request-id', 'content-length', 'traceparent', 'etag']);

/**
 * What an answer says without what was asked in it: foreign and missing must say the same. Of what was done only that it was.
 */
export function sameness(answer: Answer, asked: readonly string[]): string {
  if (answer.status < 300) return String(answer.status);
  const headers = Object.entries(answer.headers).filter(([name]) => !OF_THE_EXCHANGE.has(name));
  const text = `${String(answer.status)} ${JSON.stringify(headers)} ${answer.body}`.replaceAll(UUID, '?');
  return asked.reduce((rest, word) => rest.replaceAll(word, '?'), text);
}

/** The `code` of a problem; undefined where the answer is none. */
export function codeIn({ headers, body }: Answer): string | undefined {
  if (headers['content-type']?.startsWith('application/problem+json') !== true) return undefined;
  return (JSON.parse(body) as { code?: string }).code;
}
