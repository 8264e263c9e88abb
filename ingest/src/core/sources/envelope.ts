import { DecodeError } from '../decode-error.ts';
import type { DecodeScope } from '../decode.ts';

/** Fields of an envelope that are ids or free text and could carry a person's name. */
const TEXT_FIELDS = new Set([
  'callId',
  'visitId',
  'stayId',
  'queueId',
  'agentId',
  'teamId',
  'contactId',
  'trunkId',
  'part',
  'flow',
  'outcome',
  'intent',
  'action',
  'service',
  'route',
  'entity',
  'externalId',
]);

function scrub(value: unknown, scope: DecodeScope): unknown {
  if (Array.isArray(value)) return value.map((item) => scrub(item, scope));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, content]) => [
      name,
      typeof content === 'string' && TEXT_FIELDS.has(name) ? scope.pseudonymise(content) : scrub(content, scope),
    ]),
  );
}

/** Takes a normalised event as it is, its territory checked and its ids made free of personal data. */
export function mapEnvelope(
  raw: Readonly<Record<string, unknown>>,
  scope: DecodeScope,
): { id: string; event: unknown } {
  const { territoryId, regionId, id } = raw;
  if (typeof id !== 'string' || id === '')
    throw new DecodeError('invalid_event', '/id: must be a non-empty string, stable over redelivery');
  if (territoryId !== undefined && regionId !== undefined) scope.assertOwn(territoryId, regionId);
  const scrubbed = scrub(raw, scope);
  return { id, event: { ...(scrubbed as Record<string, unknown>), id: scope.pseudonymise(id) } };
}
