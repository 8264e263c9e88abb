import { BEAT_SERIES, type ConfigChange, type LuminaEvent, type OriginalCallEvent } from '@lumina/contracts';
import { OriginalCallEventSchema } from '@lumina/contracts/schemas';
import { Compile } from 'typebox/compile';

import { DecodeError } from './decode-error.ts';
import { planOf, type Check, type EventPlan, type FieldPlan, type Fields } from './event-plan.ts';
import { epochMsOf } from './instants.ts';

function firstError(check: Check, value: unknown): DecodeError {
  const [error] = check.Errors(value);
  return new DecodeError(
    'invalid_event',
    error === undefined ? 'The event does not match its schema.' : `${error.instancePath || '/'}: ${error.message}`,
  );
}

// C0 and C1 controls and the line separators: no filter of a query can name them.
const CONTROL_CHARACTERS = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/;

function isPlain(text: string): boolean {
  return text.isWellFormed() && !CONTROL_CHARACTERS.test(text);
}

/** One event on its way through the rules that no schema can say of single fields. */
class FieldChecker {
  private readonly event: unknown;
  private readonly plan: EventPlan;
  private readonly latestMs: number;
  private readonly isPlainText: boolean;
  /** Where the first instant that lies in the future is, if any. */
  futurePath: string | undefined;

  constructor(event: unknown, plan: EventPlan, latestMs: number, isPlainText: boolean) {
    this.event = event;
    this.plan = plan;
    this.latestMs = latestMs;
    this.isPlainText = isPlainText;
  }

  /** Checks an object of the event; `prefix` and `index` say where it lies, and are joined only for an error. */
  check(fields: Fields, plan: FieldPlan, prefix = '', index = -1): void {
    for (const name of plan.instants) {
      const instant = fields[name];
      if (instant !== undefined) this.checkInstant(instant as string, prefix, index, name);
    }
    for (const name of plan.series) {
      if (fields[name] === BEAT_SERIES) this.refuse(prefix, index, name, `"${BEAT_SERIES}" is reserved`);
    }
    if (!this.isPlainText) this.checkTexts(fields, plan, prefix, index);
    for (const nested of plan.nested) {
      const content = fields[nested.name];
      if (typeof content === 'object' && content !== null)
        this.checkNested(content, nested.plan, pathOf(prefix, index, nested.name));
    }
  }

  private checkNested(content: object, plan: FieldPlan, prefix: string): void {
    if (!Array.isArray(content)) this.check(content as Fields, plan, prefix);
    else
      for (let index = 0; index < content.length; index += 1) this.check(content[index] as Fields, plan, prefix, index);
  }

  /** Instants must exist: 30 February does not. */
  private checkInstant(instant: string, prefix: string, index: number, name: string): void {
    const ms = epochMsOf(instant);
    if (ms >= 0 && ms <= this.latestMs) return;
    if (ms < 0) this.refuse(prefix, index, name, 'lies before 1970');
    if (ms > this.latestMs) {
      this.futurePath ??= pathOf(prefix, index, name);
      return;
    }
    const whole = this.plan.whole();
    if (!whole.Check(this.event)) throw firstError(whole, this.event);
    this.refuse(prefix, index, name, 'is no instant that exists');
  }

  /** Ids must be text that can be asked for. */
  private checkTexts(fields: Fields, plan: FieldPlan, prefix: string, index: number): void {
    for (const name of plan.texts) {
      const text = fields[name];
      if (typeof text === 'string' && !isPlain(text))
        this.refuse(prefix, index, name, 'must be Unicode text without control characters');
    }
  }

  private refuse(prefix: string, index: number, name: string, detail: string): never {
    throw new DecodeError('invalid_event', `${pathOf(prefix, index, name)}: ${detail}`);
  }
}

function pathOf(prefix: string, index: number, name: string): string {
  return index < 0 ? `${prefix}/${name}` : `${prefix}/${String(index)}/${name}`;
}

/** A state held longer than this is a broken clock, and would be cut into an unbounded number of slices. */
const LONGEST_STATE_MS = 31 * 86_400_000;

/** No database takes every text that JSON can spell, and one change that it refuses would hold up all behind it. */
function assertPlainChange({ change }: ConfigChange): void {
  const fields = typeof change === 'string' ? { '': change } : change;
  for (const [name, content] of Object.entries(fields)) {
    const texts: readonly unknown[] = Array.isArray(content) ? content : [content];
    if (texts.every((text) => typeof text !== 'string' || isPlain(text))) continue;
    const path = name === '' ? '/change' : `/change/${name}`;
    throw new DecodeError('invalid_event', `${path}: must be Unicode text without control characters`);
  }
}

function assertMeaning(event: LuminaEvent): void {
  switch (event.type) {
    case 'CALL_END':
    case 'AGENT_HANDLE':
    case 'IVR_INTERACTION':
    case 'CAI_CONVERSATION':
      if (epochMsOf(event.startedAt) > epochMsOf(event.time))
        throw new DecodeError('invalid_event', '/startedAt: lies after /time');
      return;
    case 'AGENT_STATE': {
      if (event.previous === null) return;
      const heldMs = epochMsOf(event.since) - epochMsOf(event.previous.since);
      if (heldMs < 0) throw new DecodeError('invalid_event', '/previous/since: lies after /since');
      if (heldMs > LONGEST_STATE_MS)
        throw new DecodeError('invalid_event', '/previous/since: lies more than 31 days before /since');
      return;
    }
    case 'CONFIG_CHANGE':
      assertPlainChange(event);
      break;
    case 'API_SAMPLE':
      if (event.errors > event.n) throw new DecodeError('invalid_event', '/errors: are more than /n');
      return;
    case 'QUEUE_SNAPSHOT':
      assertOnce('queues', 'queueId', event.queues);
      return;
    case 'AGENT_SNAPSHOT':
      assertOnce('agents', 'agentId', event.agents);
      return;
    case 'CALL_SNAPSHOT':
      assertOnce('directions', 'direction', event.directions);
      return;
    case 'TRUNK_SNAPSHOT':
      assertOnce('trunks', 'trunkId', event.trunks);
      return;
    default:
  }
}

/** Two samples of one thing at one instant contradict each other: whichever were written last would count. */
function assertOnce<Name extends string>(list: string, name: Name, things: readonly Record<Name, string>[]): void {
  const seen = new Set<string>();
  for (const [index, { [name]: id }] of things.entries()) {
    if (seen.has(id)) throw new DecodeError('invalid_event', `/${list}/${String(index)}/${name}: is listed twice`);
    seen.add(id);
  }
}

/** What takes back must stand above what it takes back, or it would be told from it by the order of arrival. */
function assertTakesBack({ type, rev = 1 }: LuminaEvent): void {
  if (type === 'AGENT_STATE')
    throw new DecodeError('invalid_event', 'AGENT_STATE cannot be taken back: the longest known slice stands.');
  if (type.endsWith('_SNAPSHOT') || type === 'QUEUE_UNANSWER')
    throw new DecodeError('invalid_event', `${type} cannot be taken back; send what it spoke of with a higher rev.`);
  if (rev < 2)
    throw new DecodeError('invalid_event', '/rev: must be 2 or more, above what /void takes back; send it higher.');
}

/**
 * Checks an event against the schema of its type and the rules no schema can say. Instants beyond `latestMs` lie in the
 * future; `isPlainText` = the text it was read from can spell no control character, so that none is looked for.
 */
export function checkEvent(value: unknown, latestMs = Infinity, isPlainText = false): LuminaEvent {
  const type = typeof value === 'object' && value !== null && 'type' in value ? value.type : undefined;
  const plan = planOf(type);
  if (plan === undefined) throw new DecodeError('unknown_event', '/type: is no event type of this version');
  if (!plan.shape.Check(value)) throw firstError(plan.whole(), value);
  const event = value as LuminaEvent;
  if (!plan.sources.includes(event.source))
    throw new DecodeError('invalid_event', `/source: ${event.type} comes from ${plan.sources.join(' or ')}`);
  const checker = new FieldChecker(event, plan, latestMs, isPlainText);
  checker.check(event, plan);
  if (event.void === true) assertTakesBack(event);
  assertMeaning(event);
  if (checker.futurePath !== undefined) {
    throw new DecodeError(
      'future_skew',
      `${checker.futurePath}: lies more than 15 minutes ahead; check the clock of the sender.`,
    );
  }
  return event;
}

let originalCheck: Check | undefined;

/** Checks a call event of the original product. */
export function checkOriginalCallEvent(value: unknown): OriginalCallEvent {
  originalCheck ??= Compile(OriginalCallEventSchema);
  if (!originalCheck.Check(value)) throw firstError(originalCheck, value);
  const event = value as OriginalCallEvent;
  if (Number.isNaN(epochMsOf(event.timestamp)))
    throw new DecodeError('invalid_event', '/timestamp: is no instant that exists');
  return event;
}
