import { BEAT_SERIES, EVENT_TYPES, replacePersonal, type EventType } from '@lumina/contracts';
import { EVENT_SCHEMAS } from '@lumina/contracts/schemas';
import { Compile } from 'typebox/compile';

const TEXTS = new Set(
  'id callId visitId stayId queueId agentId teamId contactId trunkId part flow outcome intent action service route entity externalId'.split(
    ' ',
  ),
);
const INSTANTS = new Set('time startedAt answeredAt joinedAt contactEnd since oldestJoinedAt'.split(' '));
const SERIES = new Set(['queueId', 'teamId', 'trunkId']);
const RFC_3339 = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?(?:Z|([+-])(\d{2}):(\d{2}))$/;
const CONTROL_CHARACTERS = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/;
const LONGEST_STATE_MS = 31 * 86_400_000;

/** Epoch ms of an RFC 3339 instant by a pattern and `Date`; NaN for one that does not exist. */
export function referenceEpochMs(text: string): number {
  const [, ...parts] = RFC_3339.exec(text) ?? [];
  if (parts.length === 0) return Number.NaN;
  const [year = 0, month = 0, day = 0, hours = 0, minutes = 0, seconds = 0] = parts.slice(0, 6).map(Number);
  const [fraction, sign, offsetHours, offsetMinutes] = [parts[6], parts[7], Number(parts[8]), Number(parts[9])];
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  const isDate = date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  const hasOffset = sign !== undefined;
  const isTime = hours < 24 && minutes < 60 && seconds < 60 && !(hasOffset && (offsetHours > 23 || offsetMinutes > 59));
  if (!isDate || !isTime) return Number.NaN;
  date.setUTCHours(hours, minutes, seconds, Number((fraction ?? '').padEnd(3, '0').slice(0, 3)));
  const offsetMs = hasOffset ? (offsetHours * 60 + offsetMinutes) * 60_000 * (sign === '-' ? -1 : 1) : 0;
  return date.getTime() - offsetMs;
}

/** Of a change the ids are those of facts; its name stays. */
function scrubbedChange(change: Readonly<Record<string, unknown>>, replace: (part: string) => string): object {
  const own = (id: unknown): unknown => (typeof id === 'string' ? replacePersonal(id, replace) : id);
  const { teamId, queueIds } = change;
  const ids = {
    ...('teamId' in change ? { teamId: own(teamId) } : {}),
    ...(Array.isArray(queueIds) ? { queueIds: queueIds.map(own) } : {}),
  };
  return { ...change, ...ids };
}

function scrubbed(name: string, value: unknown, replace: (part: string) => string): unknown {
  if (typeof value === 'string') return TEXTS.has(name) ? replacePersonal(value, replace) : value;
  if (typeof value !== 'object' || value === null) return value;
  if (name === 'change') return scrubbedChange(value as Readonly<Record<string, unknown>>, replace);
  if (Array.isArray(value)) return value.map((item: unknown) => scrubbed('', item, replace));
  return Object.fromEntries(Object.entries(value).map(([key, content]) => [key, scrubbed(key, content, replace)]));
}

/** Whether every text and instant in a value that fits its schema may stand there, found by walking through it. */
function hasGoodTexts(value: object): boolean {
  return Object.entries(value).every(([name, content]) => {
    if (typeof content === 'object' && content !== null) return name === 'change' || hasGoodTexts(content as object);
    if (typeof content !== 'string') return true;
    if (INSTANTS.has(name)) return referenceEpochMs(content) >= 0;
    if (SERIES.has(name) && content === BEAT_SERIES) return false;
    return !TEXTS.has(name) || isPlainText(content);
  });
}

function isPlainText(text: unknown): boolean {
  return typeof text !== 'string' || (text.isWellFormed() && !CONTROL_CHARACTERS.test(text));
}

function hasMeaning(event: Readonly<Record<string, unknown>>): boolean {
  const at = (name: string): number => referenceEpochMs(String(event[name]));
  const { type, previous, change } = event;
  if (event['void'] === true) {
    const isFinal = type === 'AGENT_STATE' || type === 'QUEUE_UNANSWER' || String(type).endsWith('_SNAPSHOT');
    if (isFinal || Number(event['rev'] ?? 1) < 2) return false;
  }
  if (type === 'CONFIG_CHANGE')
    return (typeof change === 'string' ? [change] : Object.values(change as object)).flat().every(isPlainText);
  for (const name of ['queues', 'agents', 'directions', 'trunks']) {
    const things = event[name] as readonly Readonly<Record<string, unknown>>[] | undefined;
    const ids = things?.map(({ queueId, agentId, direction, trunkId }) => agentId ?? queueId ?? direction ?? trunkId);
    if (new Set(ids).size < (ids?.length ?? 0)) return false;
  }
  if (type === 'AGENT_STATE') {
    const heldMs = previous === null ? 0 : at('since') - referenceEpochMs((previous as { since: string }).since);
    return heldMs >= 0 && heldMs <= LONGEST_STATE_MS;
  }
  if (['CALL_END', 'AGENT_HANDLE', 'IVR_INTERACTION', 'CAI_CONVERSATION'].includes(String(type)))
    return at('startedAt') <= at('time');
  return type !== 'API_SAMPLE' || Number(event['errors']) <= Number(event['n']);
}

const checks = new Map(Object.entries(EVENT_SCHEMAS).map(([type, schema]) => [type, Compile(schema)]));

/**
 * What decoding an envelope of known fields must come to, said plainly: the event with its personal ids replaced, or
 * undefined when it is refused. Slow, and apart from the code it judges in all but the schemas and the pattern of what
 * is personal.
 */
export function referenceDecode(
  raw: Readonly<Record<string, unknown>>,
  own: { readonly territoryId: number; readonly regionId: number },
  replace: (part: string) => string,
): object | undefined {
  const event = scrubbed('', raw, replace) as Readonly<Record<string, unknown>>;
  const type = event['type'];
  if (typeof type !== 'string' || !Object.hasOwn(EVENT_TYPES, type)) return undefined;
  if (checks.get(type)?.Check(event) !== true) return undefined;
  if (!(EVENT_TYPES[type as EventType] as readonly unknown[]).includes(event['source'])) return undefined;
  if (Number(event['territoryId']) !== own.territoryId || Number(event['regionId']) !== own.regionId) return undefined;
  return hasGoodTexts(event) && hasMeaning(event) ? { ...event, ...own } : undefined;
}
