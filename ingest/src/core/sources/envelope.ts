import { DecodeError } from '../decode-error.ts';
import type { DecodeScope } from '../decode.ts';

/** Fields of an envelope that are ids or free text and could carry a person's name. */
export const TEXT_FIELDS: ReadonlySet<string> = new Set([
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

/** Deeper than any event, far from the end of the stack. */
const MAX_DEPTH = 32;

function scrub(value: unknown, scope: DecodeScope, depth = 0): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (depth > MAX_DEPTH) throw new DecodeError('invalid_event', `/: nests deeper than ${String(MAX_DEPTH)} levels`);
  if (Array.isArray(value)) return value.map((item) => scrub(item, scope, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([name, content]) => [
      name,
      typeof content === 'string' && TEXT_FIELDS.has(name)
        ? scope.pseudonymise(content)
        : scrub(content, scope, depth + 1),
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
