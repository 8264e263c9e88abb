import { BEAT_SERIES, EVENT_TYPES, type EventType, type LuminaEvent, type OriginalCallEvent } from '@lumina/contracts';
import { EVENT_SCHEMAS, OriginalCallEventSchema } from '@lumina/contracts/schemas';
import { Compile } from 'typebox/compile';

import { DecodeError } from './decode-error.ts';
import { epochMsOf, isInstant } from './instants.ts';
import { TEXT_FIELDS } from './sources/envelope.ts';

interface Check {
  Check(value: unknown): boolean;
  Errors(value: unknown): { instancePath: string; message: string }[];
}

const checks = new Map<string, Check>();

function checkOf(type: EventType): Check {
  let check = checks.get(type);
  if (check === undefined) {
    check = Compile(EVENT_SCHEMAS[type]);
    checks.set(type, check);
  }
  return check;
}

function firstError(check: Check, value: unknown): DecodeError {
  const [error] = check.Errors(value);
  return new DecodeError(
    'invalid_event',
    error === undefined ? 'The event does not match its schema.' : `${error.instancePath || '/'}: ${error.message}`,
  );
}

function isEventType(type: unknown): type is EventType {
  return typeof type === 'string' && Object.hasOwn(EVENT_TYPES, type);
}

const INSTANT_FIELDS = ['time', 'startedAt', 'answeredAt', 'joinedAt', 'contactEnd', 'since', 'oldestJoinedAt'];

// C0 and C1 controls and the line separators: no filter of a query can name them.
const CONTROL_CHARACTERS = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/u;

function isPlainText(text: string): boolean {
  return text.isWellFormed() && !CONTROL_CHARACTERS.test(text);
}

/** What no schema can say of single texts: instants must exist, 30 February does not; ids must be text that can be asked for. */
function assertTexts(value: object, path: string): void {
  for (const [name, content] of Object.entries(value)) {
    const here = `${path}/${name}`;
    if (typeof content === 'object' && content !== null) assertTexts(content as object, here);
    else if (typeof content === 'string' && INSTANT_FIELDS.includes(name)) {
      if (!isInstant(content)) throw new DecodeError('invalid_event', `${here}: is no instant that exists`);
      if (epochMsOf(content) < 0) throw new DecodeError('invalid_event', `${here}: lies before 1970`);
    } else if (content === BEAT_SERIES && (name === 'queueId' || name === 'teamId' || name === 'trunkId')) {
      throw new DecodeError('invalid_event', `${here}: "${BEAT_SERIES}" is reserved`);
    } else if (typeof content === 'string' && (name === 'id' || TEXT_FIELDS.has(name)) && !isPlainText(content)) {
      throw new DecodeError('invalid_event', `${here}: must be Unicode text without control characters`);
    }
  }
}

/** A state held longer than this is a broken clock, and would be cut into an unbounded number of slices. */
const LONGEST_STATE_MS = 31 * 86_400_000;

function assertMeaning(event: LuminaEvent): void {
  const timeMs = epochMsOf(event.time);
  switch (event.type) {
    case 'CALL_END':
    case 'AGENT_HANDLE':
    case 'IVR_INTERACTION':
    case 'CAI_CONVERSATION':
      if (epochMsOf(event.startedAt) > timeMs) throw new DecodeError('invalid_event', '/startedAt: lies after /time');
      return;
    case 'AGENT_STATE': {
      if (event.previous === null) return;
      const heldMs = epochMsOf(event.since) - epochMsOf(event.previous.since);
      if (heldMs < 0) throw new DecodeError('invalid_event', '/previous/since: lies after /since');
      if (heldMs > LONGEST_STATE_MS)
        throw new DecodeError('invalid_event', '/previous/since: lies more than 31 days before /since');
      return;
    }
    case 'API_SAMPLE':
      if (event.errors > event.n) throw new DecodeError('invalid_event', '/errors: are more than /n');
      break;
    default:
  }
  if (event.void === true && (event.type.endsWith('_SNAPSHOT') || event.type === 'QUEUE_UNANSWER')) {
    throw new DecodeError(
      'invalid_event',
      `${event.type} cannot be taken back; send what it spoke of again with a higher rev.`,
    );
  }
}

/** Checks an event against the schema of its type and the rules no schema can say. */
export function checkEvent(value: unknown): LuminaEvent {
  const type = typeof value === 'object' && value !== null && 'type' in value ? value.type : undefined;
  if (!isEventType(type)) throw new DecodeError('unknown_event', '/type: is no event type of this version');
  const check = checkOf(type);
  if (!check.Check(value)) throw firstError(check, value);
  const event = value as LuminaEvent;
  const sources: readonly string[] = EVENT_TYPES[type];
  if (!sources.includes(event.source))
    throw new DecodeError('invalid_event', `/source: ${type} comes from ${sources.join(' or ')}`);
  assertTexts(event, '');
  if (event.void === true && event.type === 'AGENT_STATE') {
    throw new DecodeError('invalid_event', 'AGENT_STATE cannot be taken back: the longest known slice stands.');
  }
  assertMeaning(event);
  return event;
}

let originalCheck: Check | undefined;

/** Checks a call event of the original product. */
export function checkOriginalCallEvent(value: unknown): OriginalCallEvent {
  originalCheck ??= Compile(OriginalCallEventSchema);
  if (!originalCheck.Check(value)) throw firstError(originalCheck, value);
  const event = value as OriginalCallEvent;
  if (!isInstant(event.timestamp)) throw new DecodeError('invalid_event', '/timestamp: is no instant that exists');
  return event;
}
