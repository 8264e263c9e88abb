// The JSON Schema of everything that can be sent, made from the schemas that the code validates with.
import { EVENT_TYPES } from '../../contracts/src/events.ts';
import { EVENT_SCHEMAS, OriginalCallEventSchema } from '../../contracts/src/schemas/event.ts';
import { FREESWITCH_HEADERS } from '../../ingest/src/core/sources/freeswitch-headers.ts';

const DIALECT = 'https://json-schema.org/draft/2020-12/schema';

/** What the fields mean, for all types that have them; `<TYPE>.<field>` where a type means it otherwise. */
const MEANINGS = {
  v: 'Version of the format.',
  id: 'Of the event; unique, and the same over every redelivery.',
  type: 'What happened.',
  source: 'Who says so.',
  time: 'When it happened.',
  territoryId: 'The territory, 0 for the platform; must be that of the ingest key.',
  regionId: 'The region; must be that of the ingest key.',
  rev: 'Number of a correction, from 2; the highest counts.',
  void: 'Takes the event back; with a higher rev.',
  callId: 'The call.',
  'QUEUE_RESUME.callId': 'The call with which the caller came back.',
  direction: 'Seen from the contact centre.',
  startedAt: 'When it began.',
  answeredAt: 'When it was answered; missing: never.',
  'QUEUE_UNANSWER.answeredAt': 'When the answer was that is undone.',
  queueId: 'The queue; of a call, the last one.',
  agentId: 'The agent.',
  holdMs: 'How long it was held.',
  transfers: 'How often it was transferred.',
  outcome: 'How it ended.',
  visitId: 'One entry into a queue, kept over a resume.',
  stayId: 'One end of a time in the queue; an answer has its own.',
  joinedAt: 'When the caller first joined.',
  undoes: 'The abandon that is undone; null where nobody knows it.',
  teamId: 'The team of the agent; `-` where nobody knows it.',
  state: 'The state.',
  since: 'When the state began; the same in every event and snapshot that tells it.',
  previous: 'The state before; null where nobody knows it.',
  contactId: "The contact: an agent's share of a call.",
  talkMs: 'How long they talked, holding included.',
  contactEnd: 'When the contact ended.',
  acwMs: 'How long the work after it took.',
  part: 'The share of the snapshot that this event holds; every share has the same name each time.',
  intervalMs: 'For how long the snapshot stands.',
  queues: 'Every queue of the part.',
  depth: 'Callers waiting.',
  oldestJoinedAt: 'When the one who waits longest joined; missing: nobody waits.',
  agents: 'Every agent of the part.',
  directions: 'Calls by direction.',
  inProgress: 'Calls in progress.',
  trunks: 'Every trunk of the part.',
  trunkId: 'The trunk.',
  busy: 'Channels in use.',
  capacity: 'Channels contracted.',
  flow: 'The call flow.',
  entity: 'Kind of thing that changed: queue, agent, team, trunk.',
  externalId: 'Its id, as events name it.',
  change: 'created, updated or deleted; or the new values.',
  name: 'What people call it.',
  'CONFIG_CHANGE.change.externalId': 'Its id elsewhere, as that of a Salesforce user; null: none.',
  'CONFIG_CHANGE.change.timeZone': 'IANA name of the zone it works in; null: none of its own.',
  queueIds: 'Of an agent: all the queues served from now on.',
  deleted: 'Whether it is gone; its past keeps its name.',
  action: 'What the user did.',
  service: 'The service.',
  route: 'The route, without ids of people.',
  n: 'Requests since the last sample.',
  errors: 'Those that failed.',
  latSumMs: 'Sum of their latencies.',
  latMaxMs: 'The longest latency.',
  buckets: 'Requests by latency, in buckets that grow by a quarter.',
  turns: 'Times the caller spoke.',
  contained: 'Whether no person was needed.',
  escalated: 'Whether a person took over.',
  intent: 'What the caller wanted.',
  eventType: 'What happened.',
  timestamp: 'When it happened; of CALL_END, when the call ended.',
  duration: 'Seconds; the call began that long before its timestamp.',
};

const plain = (schema) => JSON.parse(JSON.stringify(schema));

/** Adds what the fields mean. Fails for a field nobody described, so that none is left out. */
function describe(schema, type) {
  for (const option of schema.anyOf ?? []) describe(option, type);
  if (schema.items) describe(schema.items, type);
  for (const [name, field] of Object.entries(schema.properties ?? {})) {
    const meaning = MEANINGS[`${type}.${name}`] ?? MEANINGS[name];
    if (meaning === undefined) throw new Error(`scripts/source-docs/schemas.mjs says nothing of ${type}.${name}`);
    schema.properties[name] = { description: meaning, ...field };
    describe(field, name === 'change' ? `${type}.${name}` : type);
  }
  return schema;
}

const titled = (title, description, schema) => ({ $schema: DIALECT, title, description, ...schema });

function eventSchema(type) {
  const schema = describe(plain(EVENT_SCHEMAS[type]), type);
  schema.properties.source.enum = [...EVENT_TYPES[type]];
  return titled(type, 'An event in the envelope of Lumina. Fields not listed here are ignored and not kept.', schema);
}

function freeswitchSchema() {
  const text = { type: ['string', 'number'] };
  const header = (description) => ({ description, anyOf: [text, { type: 'array', items: text }] });
  return titled(
    'FreeSWITCH event',
    'An event as FreeSWITCH writes it in JSON. Names of headers may be in any case; headers not listed are ignored and not kept.',
    {
      type: 'object',
      required: ['Event-Name'],
      properties: Object.fromEntries(
        Object.entries(FREESWITCH_HEADERS).map(([name, meaning]) => [name, header(meaning)]),
      ),
    },
  );
}

function eventBridgeSchema() {
  return titled('EventBridge event', 'An event as an EventBridge rule delivers it.', {
    type: 'object',
    required: ['id', 'detail-type', 'detail'],
    properties: {
      version: { description: 'Not read.', type: 'string' },
      id: { description: 'Id of the event where `detail` has none of its own.', type: 'string', minLength: 1 },
      'detail-type': { description: 'Makes an object an event of EventBridge; its value is not read.', type: 'string' },
      source: { description: 'Not read; the source is that of `detail`.', type: 'string' },
      account: { description: 'Not read.', type: 'string' },
      time: { description: 'Time of the event where `detail` has none of its own.', type: 'string' },
      region: { description: 'Not read; the AWS region is not the region of Lumina.', type: 'string' },
      resources: { description: 'Not read.', type: 'array' },
      detail: {
        description: 'What was put: an event in the envelope of Lumina, an event of FreeSWITCH or a CallEvent.',
        anyOf: [
          { $ref: 'freeswitch-event.json' },
          { $ref: 'original-call-event.json' },
          { type: 'object', required: ['type'] },
        ],
      },
    },
  });
}

export const kebab = (type) => type.toLowerCase().replaceAll('_', '-');

/** Every schema by the name of its file. */
export function schemaFiles() {
  return {
    ...Object.fromEntries(Object.keys(EVENT_TYPES).map((type) => [`${kebab(type)}.json`, eventSchema(type)])),
    'original-call-event.json': titled(
      'CallEvent',
      'The call event of the original product.',
      describe(plain(OriginalCallEventSchema), 'CallEvent'),
    ),
    'freeswitch-event.json': freeswitchSchema(),
    'eventbridge-event.json': eventBridgeSchema(),
  };
}
