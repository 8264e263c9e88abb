import { headerOf, type SwitchEvent } from './switch-event.ts';
import type { ListRow } from './lists.ts';

const MAX_LEGS = 200_000;
const DIRECTIONS = new Set(['inbound', 'outbound']);

/** Knows which legs are agents' legs: in a list of channels nothing tells those that mod_callcenter dials from calls. */
export class CallLegs {
  private readonly agentLegs = new Set<string>();

  /** Looks at an event of a leg. */
  see(event: SwitchEvent): void {
    const uuid = headerOf(event, 'Unique-ID');
    if (headerOf(event, 'variable_cc_side') === 'agent' && uuid !== undefined) this.add(uuid);
    const agentUuid = headerOf(event, 'CC-Agent-UUID');
    if (agentUuid !== undefined) this.add(agentUuid);
  }

  /** A leg is over. */
  forget(uuid: string): void {
    this.agentLegs.delete(uuid);
  }

  clear(): void {
    this.agentLegs.clear();
  }

  /** The direction of the call that a listed leg is; undefined for a leg that is none. */
  directionOf(row: ListRow): string | undefined {
    const uuid = row.get('uuid') ?? '';
    const callUuid = row.get('call_uuid') ?? '';
    if ((callUuid !== '' && callUuid !== uuid) || this.agentLegs.has(uuid)) return undefined;
    const direction = row.get('direction') ?? '';
    return DIRECTIONS.has(direction) ? direction : undefined;
  }

  private add(uuid: string): void {
    if (this.agentLegs.size >= MAX_LEGS) {
      const oldest = this.agentLegs.values().next();
      if (oldest.done !== true) this.agentLegs.delete(oldest.value);
    }
    this.agentLegs.add(uuid);
  }
}
