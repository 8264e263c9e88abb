import type { Body, Weight } from '../world/wire.ts';
import type { World } from '../world/world.ts';

/** An instant as envelopes write it. */
export const rfc3339 = (atMs: number): string => new Date(atMs).toISOString();

export type EnvelopeSource = 'freeswitch' | 'fsxinetd' | 'platform' | 'cai';

export interface Envelope {
  readonly source: EnvelopeSource;
  readonly type: string;
  /** The thing it is about: with the type it makes the id, the same one over every redelivery. */
  readonly about: string;
  readonly atMs: number;
  readonly fields: Body;
  readonly weight?: Weight;
}

/** Sends a normalised event, as the forwarder, the IVR, the platform and the AI do. */
export const sendEnvelope = (world: World, { source, type, about, atMs, fields, weight }: Envelope): void => {
  const body = {
    v: 1,
    id: `${world.wire.coreUuid}:${type}:${about}`,
    type,
    source,
    time: rfc3339(atMs),
    territoryId: world.population.territoryId,
    regionId: world.population.regionId,
    ...fields,
  };
  world.wire.send(atMs, body, weight);
};
