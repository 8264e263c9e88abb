import { MISSING } from '@lumina/contracts';

import { Abandons } from './abandons.ts';
import { AgentStates, type AgentTransition } from './agent-states.ts';
import { CallLegs } from './call-legs.ts';
import type { EslConfig } from './config.ts';
import { classOf } from './event-class.ts';
import type { Intake } from './intake.ts';
import type { EslMetrics } from './metrics.ts';
import { QueueMoves } from './queue-levels.ts';
import { agentStateEvent } from './snapshots.ts';
import type { StateJournal } from './state-journal.ts';
import { eventMsOf, headerOf, instantOf, type SwitchEvent } from './switch-event.ts';
import { SwitchLife } from './switch-life.ts';
import { Territories } from './territories.ts';

const ABANDON_REASONS = new Set(['BREAK_OUT', 'NONE']);
const MS_PER_SECOND = 1000;

/** What a switch model is made of. */
export interface SwitchModelParts {
  readonly config: EslConfig;
  readonly journal: StateJournal;
  readonly intake: Intake;
  readonly metrics: EslMetrics;
}

/** What a forwarder knows of its switch. Every event passes through here, once and in order. */
export class SwitchModel {
  readonly territories: Territories;
  readonly agents: AgentStates;
  readonly abandons: Abandons;
  readonly legs = new CallLegs();
  readonly moves = new QueueMoves();
  readonly life: SwitchLife;
  private readonly config: EslConfig;
  private readonly intake: Intake;
  private readonly metrics: EslMetrics;

  constructor({ config, journal, intake, metrics }: SwitchModelParts) {
    this.config = config;
    this.intake = intake;
    this.metrics = metrics;
    this.territories = new Territories(config.territories, config.tenantVariables.territoryVariable);
    const { agents, abandons } = journal.state;
    this.agents = new AgentStates(agents, (agentId, record) => {
      journal.setAgent(agentId, record);
    });
    this.abandons = new Abandons(abandons, (memberUuid, abandon) => {
      journal.setAbandon(memberUuid, abandon);
    });
    this.life = new SwitchLife(metrics, () => {
      this.legs.clear();
      this.territories.forgetChannels();
    });
  }

  /** Takes the next event of the switch. */
  take(event: SwitchEvent, order: number): void {
    this.life.see(event);
    switch (event['Event-Name']) {
      case 'BACKGROUND_JOB':
      case 'HEARTBEAT':
        return;
      case 'TRAP':
        this.life.trap(event);
        return;
      case 'CUSTOM':
        if (headerOf(event, 'Event-Subclass') === 'callcenter::info') this.takeQueueEvent(event, order);
        else this.forward(event);
        return;
      default:
        this.takeLegEvent(event);
    }
  }

  /** Tells changes of agents, as events of our own. */
  tell(transitions: readonly AgentTransition[], event?: SwitchEvent): void {
    const { regionId, teams } = this.config;
    for (const transition of transitions) {
      this.metrics.agentStates.inc({ from: event === undefined ? 'list' : 'event' });
      const territoryId = this.territories.ofName(transition.agentId);
      if (territoryId === undefined) {
        this.metrics.rejected.inc({ code: 'unknown_tenant' });
        continue;
      }
      const scope = {
        territoryId,
        regionId,
        coreUuid: this.life.coreUuid ?? MISSING,
        sequence: event === undefined ? undefined : headerOf(event, 'Event-Sequence'),
        teamId: teams.get(transition.agentId) ?? MISSING,
      };
      this.intake.take('snapshot', territoryId, agentStateEvent(scope, transition));
    }
  }

  private forward(event: SwitchEvent): boolean {
    const territoryId = this.territories.ofEvent(event);
    if (territoryId !== undefined) return this.intake.take(classOf(event), territoryId, event) === undefined;
    this.metrics.rejected.inc({ code: 'unknown_tenant' });
    return false;
  }

  private takeLegEvent(event: SwitchEvent): void {
    this.legs.see(event);
    this.forward(event);
    const uuid = headerOf(event, 'Unique-ID');
    if (event['Event-Name'] !== 'CHANNEL_HANGUP_COMPLETE' || uuid === undefined) return;
    this.legs.forget(uuid);
    this.territories.forgetChannel(uuid);
  }

  private takeQueueEvent(event: SwitchEvent, order: number): void {
    const agentId = headerOf(event, 'CC-Agent');
    const atMs = eventMsOf(event);
    const action = headerOf(event, 'CC-Action');
    switch (action) {
      case 'agent-status-change':
      case 'agent-state-change':
        // Told as events of our own, which know the state before: told raw as well, each change would come twice.
        if (agentId !== undefined && atMs !== undefined) this.takeAgentEvent(event, agentId, atMs);
        return;
      case 'member-queue-start':
      case 'member-queue-resume':
        this.takeEntry(event, action, atMs, order);
        return;
      case 'bridge-agent-start':
        this.legs.see(event);
        this.move(event, atMs, order, undefined);
        this.forward(event);
        return;
      case 'member-queue-end':
        this.move(event, atMs, order, undefined);
        this.takeEnd(event, atMs);
        return;
      default:
        this.forward(event);
    }
  }

  private takeAgentEvent(event: SwitchEvent, agentId: string, atMs: number): void {
    if (!this.config.snapshots.has('agents')) {
      this.metrics.ignored.inc();
      return;
    }
    const status = headerOf(event, 'CC-Agent-Status');
    const routing = headerOf(event, 'CC-Agent-State');
    const change = { ...(status === undefined ? {} : { status }), ...(routing === undefined ? {} : { routing }) };
    const transition = this.agents.hear(agentId, change, atMs);
    if (transition === undefined) this.metrics.ignored.inc();
    else this.tell([transition], event);
  }

  private takeEntry(event: SwitchEvent, action: string, atMs: number | undefined, order: number): void {
    const memberUuid = headerOf(event, 'CC-Member-UUID') ?? '';
    const abandon = action === 'member-queue-resume' ? this.abandons.resume(memberUuid, atMs ?? 0) : undefined;
    const joinedMs = abandon?.joinedMs ?? Math.floor((atMs ?? 0) / MS_PER_SECOND) * MS_PER_SECOND;
    this.move(event, atMs, order, joinedMs);
    if (action !== 'member-queue-resume') {
      this.forward(event);
      return;
    }
    this.metrics.resumes.inc({ outcome: abandon === undefined ? 'unmatched' : 'matched' });
    if (abandon === undefined) {
      this.forward(event);
      return;
    }
    this.forward({
      ...event,
      'Lumina-Undoes-Stay': abandon.stayId,
      'Lumina-Undoes-Time': String(abandon.leftMs),
      'Lumina-Undoes-Joined': String(abandon.joinedMs),
    });
  }

  private takeEnd(event: SwitchEvent, atMs: number | undefined): void {
    this.forward(event);
    const reason = headerOf(event, 'CC-Cancel-Reason') ?? 'NONE';
    if (headerOf(event, 'CC-Cause') !== 'Cancel' || !ABANDON_REASONS.has(reason)) return;
    const memberUuid = headerOf(event, 'CC-Member-UUID');
    const sessionUuid = headerOf(event, 'CC-Member-Session-UUID');
    const joinedMs = instantOf(event, 'CC-Member-Joined-Time');
    if (memberUuid === undefined || sessionUuid === undefined || joinedMs === undefined || atMs === undefined) return;
    this.abandons.remember(memberUuid, sessionUuid, headerOf(event, 'CC-Queue') ?? '', atMs, joinedMs);
  }

  private move(event: SwitchEvent, atMs: number | undefined, order: number, joinedMs: number | undefined): void {
    const queue = headerOf(event, 'CC-Queue');
    const memberUuid = headerOf(event, 'CC-Member-UUID');
    if (queue === undefined || memberUuid === undefined || atMs === undefined) return;
    this.moves.add({ queue, memberUuid, joinedMs, atMs, order });
  }
}
