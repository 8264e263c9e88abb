import { headerOf, type SwitchEvent } from './switch-event.ts';
import type { ListRow } from './lists.ts';

const MAX_LEGS = 200_000;
const DIRECTIONS = new Set(['inbound', 'outbound']);

function isDialled(event: SwitchEvent, uuid: string): boolean {
  const originator = headerOf(event, 'variable_originator');
  return originator !== undefined && originator !== uuid;
}

/**
 * Knows which legs are no calls: those to agents, which mod_callcenter dials as calls of their own, and those that another
 * leg dialled. A list of channels does not tell.
 */
export class CallLegs {
  private readonly others = new Set<string>();

  /** Looks at an event of a leg. */
  see(event: SwitchEvent): void {
    const uuid = headerOf(event, 'Unique-ID');
    if (uuid !== undefined && (headerOf(event, 'variable_cc_side') === 'agent' || isDialled(event, uuid)))
      this.add(uuid);
    const agentUuid = headerOf(event, 'CC-Agent-UUID');
    if (agentUuid !== undefined) this.add(agentUuid);
  }

  /** A leg is over. */
  forget(uuid: string): void {
    this.others.delete(uuid);
  }

  clear(): void {
    this.others.clear();
  }

  /** The direction of the call that a listed leg is; undefined for a leg that is none. */
  directionOf(row: ListRow): string | undefined {
    const uuid = row.get('uuid') ?? '';
    const callUuid = row.get('call_uuid') ?? '';
    if ((callUuid !== '' && callUuid !== uuid) || this.others.has(uuid)) return undefined;
    const direction = row.get('direction') ?? '';
    return DIRECTIONS.has(direction) ? direction : undefined;
  }

  private add(uuid: string): void {
    if (this.others.size >= MAX_LEGS) {
      const oldest = this.others.values().next();
      if (oldest.done !== true) this.others.delete(oldest.value);
    }
    this.others.add(uuid);
  }
}
