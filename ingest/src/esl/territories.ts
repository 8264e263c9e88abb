import { headerOf, type SwitchEvent } from './switch-event.ts';

/** Which territories a switch serves. */
export interface TerritoryMap {
  /** Of what names none; undefined refuses that, as a switch shared by many should. */
  readonly fallback: number | undefined;
  /** By lower-case domain: queues and agents are `name@domain`. */
  readonly domains: ReadonlyMap<string, number>;
}

const MAX_CHANNELS = 200_000;

/** Tells whose an event, a queue, an agent or a channel is. */
export class Territories {
  private readonly map: TerritoryMap;
  private readonly variable: string;
  private readonly allowed: ReadonlySet<number>;
  /** Channels that named their territory once: later events of the same leg need not say it again. */
  private readonly channels = new Map<string, number>();

  constructor(map: TerritoryMap, variable = 'variable_territory_id') {
    this.map = map;
    this.variable = variable;
    this.allowed = new Set([...map.domains.values(), ...(map.fallback === undefined ? [] : [map.fallback])]);
  }

  /** Every territory that this switch may speak for. */
  get all(): number[] {
    return [...this.allowed].sort((a, b) => a - b);
  }

  /** Of `name@domain`; a domain that nobody listed is that of what names none. */
  ofName(name: string): number | undefined {
    const domain = name.slice(name.lastIndexOf('@') + 1).toLowerCase();
    return this.map.domains.get(domain) ?? this.map.fallback;
  }

  /** Of a leg in a list of channels: what its events said, else the domain it was routed in. */
  ofChannel(uuid: string, callUuid: string, domains: readonly string[]): number | undefined {
    const known = this.channels.get(callUuid) ?? this.channels.get(uuid);
    if (known !== undefined) return known;
    for (const domain of domains) {
      const territory =
        domain === '' ? undefined : this.map.domains.get(domain.slice(domain.lastIndexOf('@') + 1).toLowerCase());
      if (territory !== undefined) return territory;
    }
    return this.map.fallback;
  }

  /** Of an event; undefined when it names a territory that this switch does not serve, or none and there is no fallback. */
  ofEvent(event: SwitchEvent): number | undefined {
    const uuid = headerOf(event, 'Unique-ID');
    const callUuid = headerOf(event, 'Channel-Call-UUID');
    const named = headerOf(event, this.variable);
    if (named !== undefined) {
      const territory = Number(named);
      if (!/^\d{1,10}$/.test(named) || !this.allowed.has(territory)) return undefined;
      this.remember(uuid, territory);
      return territory;
    }
    const known = this.knownChannel(callUuid) ?? this.knownChannel(uuid);
    if (known !== undefined) return known;
    for (const name of ['CC-Queue', 'variable_cc_queue', 'CC-Agent', 'variable_cc_agent', 'variable_domain_name']) {
      const value = headerOf(event, name);
      const territory = value === undefined ? undefined : this.domainOf(value);
      if (territory !== undefined) {
        this.remember(uuid, territory);
        return territory;
      }
    }
    return this.map.fallback;
  }

  /** A leg is over. */
  forgetChannel(uuid: string): void {
    this.channels.delete(uuid);
  }

  /** The switch began anew: its legs are gone. */
  forgetChannels(): void {
    this.channels.clear();
  }

  private domainOf(name: string): number | undefined {
    return this.map.domains.get(name.slice(name.lastIndexOf('@') + 1).toLowerCase());
  }

  private knownChannel(uuid: string | undefined): number | undefined {
    return uuid === undefined ? undefined : this.channels.get(uuid);
  }

  private remember(uuid: string | undefined, territory: number): void {
    if (uuid === undefined || this.allowed.size < 2) return;
    if (this.channels.size >= MAX_CHANNELS) {
      const oldest = this.channels.keys().next();
      if (oldest.done !== true) this.channels.delete(oldest.value);
    }
    this.channels.set(uuid, territory);
  }
}
