import type { KnownRule } from './evaluation-store.ts';
import type { Transition } from './reduce-alert.ts';

/** The body of a message: written once, so that every attempt and its signature are of the same bytes. */
export function messageOf({ territoryId, id, draft }: KnownRule, transition: Transition, deliveryId: string): string {
  const { name, metric, op, threshold, window, severity } = draft;
  const { kind, reason, number, atMs, value } = transition;
  return JSON.stringify({
    id: deliveryId,
    event: `alert.${kind}`,
    territoryId,
    rule: { id, name, metric, op, threshold, window, severity },
    number,
    reason,
    value,
    at: new Date(atMs).toISOString(),
  });
}

/** The body of a message that only shows that messages arrive. */
export function testMessage(territoryId: number, deliveryId: string, atMs: number): string {
  return JSON.stringify({ id: deliveryId, event: 'test', territoryId, at: new Date(atMs).toISOString() });
}
