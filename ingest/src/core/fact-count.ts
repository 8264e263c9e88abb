import { SLICE_CUT_MS, type LuminaEvent } from '@lumina/contracts';

import { epochMsOf } from './instants.ts';

/** A slice each for what is open and for the quarter of an hour before it, and a level. */
const FACTS_PER_AGENT = 3;
const FACTS_OF_OTHERS = 2;

/** About how many facts an event becomes; never fewer than half of them. */
export function factCountOf(event: LuminaEvent): number {
  switch (event.type) {
    case 'AGENT_STATE': {
      const { previous } = event;
      const heldMs =
        previous === null || previous.state === 'offline' ? 0 : epochMsOf(event.since) - epochMsOf(previous.since);
      return FACTS_OF_OTHERS + Math.ceil(heldMs / SLICE_CUT_MS);
    }
    case 'AGENT_SNAPSHOT':
      return FACTS_OF_OTHERS + FACTS_PER_AGENT * event.agents.length;
    case 'QUEUE_SNAPSHOT':
      return FACTS_OF_OTHERS + event.queues.length;
    case 'CALL_SNAPSHOT':
      return FACTS_OF_OTHERS + event.directions.length;
    case 'TRUNK_SNAPSHOT':
      return FACTS_OF_OTHERS + event.trunks.length;
    default:
      return FACTS_OF_OTHERS;
  }
}
