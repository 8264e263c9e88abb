import { MISSING } from '@lumina/contracts';

import type { ListedAgent } from './agent-states.ts';
import { EslError } from './esl-error.ts';
import { cellOf, readBarList, secondsCellMs, type ListRow } from './lists.ts';
import { ask, partsOf, scopeOf, send, type RoundContext } from './round.ts';
import { agentSnapshot, type AgentSample } from './snapshots.ts';

const COMMAND = 'callcenter_config agent list';

function listedAgent(row: ListRow): ListedAgent {
  return {
    agentId: cellOf(row, 'name', COMMAND),
    status: cellOf(row, 'status', COMMAND),
    routing: cellOf(row, 'state', COMMAND),
    statusChangedMs: secondsCellMs(row, 'last_status_change'),
    bridgeStartedMs: secondsCellMs(row, 'last_bridge_start'),
    bridgeEndedMs: secondsCellMs(row, 'last_bridge_end'),
  };
}

function samplesOf(context: RoundContext, agents: readonly ListedAgent[]): Map<number, AgentSample[]> {
  const { model, config } = context;
  const samples = new Map<number, AgentSample[]>(model.territories.all.map((id) => [id, []]));
  for (const { agentId } of agents) {
    const territoryId = model.territories.ofName(agentId);
    const record = model.agents.get(agentId);
    if (territoryId === undefined || record?.state === undefined) continue;
    const { state, sinceMs } = record;
    samples.get(territoryId)?.push({ agentId, teamId: config.teams.get(agentId) ?? MISSING, state, sinceMs });
  }
  return samples;
}

/** AGENT_SNAPSHOT, after whatever the list tells that no event did. */
export function agentRound(context: RoundContext): Promise<void> {
  return ask(context, COMMAND, (printed) => {
    const agents = readBarList(printed.text, COMMAND).map(listedAgent);
    // An error of the switch's database prints the same as a switch without agents.
    if (agents.length === 0 && context.model.agents.size > 0) {
      throw new EslError('esl_command_failed', `${COMMAND}: the list is empty, though agents are known.`);
    }
    context.model.tell(context.model.agents.reconcile(agents, printed.atMs, context.isFirst));
    for (const [territoryId, samples] of samplesOf(context, agents)) {
      const key = `${String(territoryId)}:agents`;
      const { events, parts } = agentSnapshot(scopeOf(context, territoryId, printed), samples, partsOf(context, key));
      send(context, territoryId, events, { key, parts });
    }
  });
}
