import { decodeDelivery } from '../core/decode-delivery.ts';

/** What would become of a letter if it were put back on the stream now. */
export interface ReplayForecast {
  readonly outcome: 'facts' | 'nothing' | 'dead';
  /** The facts by table and name, or why the letter would die again. */
  readonly detail: string;
}

/** Decodes a record with the extractor of today. What the store would say of its facts cannot be known beforehand. */
export function forecastReplay(bytes: Uint8Array, regionId: number, nowMs: number): ReplayForecast {
  // Pseudonyms change no fact's fate, so that the secret is not needed here.
  const { error, facts } = decodeDelivery(bytes, { regionId, personalIdSecret: '', nowMs });
  if (error !== undefined) return { outcome: 'dead', detail: `${error.code}: ${error.detail}` };
  if (facts.length === 0) return { outcome: 'nothing', detail: 'The event is good and counts nothing.' };
  const counts = Map.groupBy(facts, ({ table, name }) => `${table}.${name}`);
  return {
    outcome: 'facts',
    detail: [...counts].map(([name, { length }]) => (length === 1 ? name : `${name} x${String(length)}`)).join(', '),
  };
}
