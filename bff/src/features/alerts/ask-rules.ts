import type { AlertRuleDraft, MetricQuery, MetricReply, RowScope } from '@lumina/contracts';
import type { MetricService, QueryIdentity } from '../metrics/index.ts';
import type { Observation } from './reduce-alert.ts';

/** A rule as far as its question goes. */
export interface AskingRule {
  readonly id: string;
  readonly territoryId: number;
  readonly draft: AlertRuleDraft;
  readonly scope: RowScope | undefined;
}

/** What was found out about a rule, and the code of what keeps it from being evaluated. */
export interface Found {
  readonly observation: Observation;
  readonly problem: string | null;
  /** Why in words, for whoever saves the rule. */
  readonly detail?: string;
}

/** Who evaluates rules. */
export type Answers = Pick<MetricService, 'query'>;

/** A switch sends snapshots every ten seconds even when nobody calls: what is silent for so long is cut off. */
const SILENT_AFTER_MS = 120_000;
/** Rules of one request; each asks for two metrics at most. */
const RULES_PER_REQUEST = 25;

/** Rules that one request can answer: of one territory, scope and window. */
export function batchesOf<R extends AskingRule>(rules: readonly R[]): readonly (readonly R[])[] {
  const groups = Map.groupBy(rules, ({ territoryId, scope, draft }) =>
    JSON.stringify([territoryId, scope ?? null, draft.window]),
  );
  return [...groups.values()].flatMap((group) =>
    Array.from({ length: Math.ceil(group.length / RULES_PER_REQUEST) }, (_, index) =>
      group.slice(index * RULES_PER_REQUEST, (index + 1) * RULES_PER_REQUEST),
    ),
  );
}

/**
 * Answers a batch in one request, equal questions once. The rules see what their last editor could see, and nothing of
 * the platform. Throws what the metrics throw when nothing could be read.
 */
export async function askRules(
  batch: readonly AskingRule[],
  answers: Answers,
  regionId: number,
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, Found>> {
  const [first] = batch;
  if (first === undefined) return new Map();
  const refs = new Map<string, string>();
  const refOf = (query: Omit<MetricQuery, 'ref'>): string => {
    const key = JSON.stringify(query);
    const ref = refs.get(key) ?? String(refs.size);
    refs.set(key, ref);
    return ref;
  };
  const asked = batch.map(({ id, draft }) => ({
    id,
    draft,
    ref: refOf(queryOf(draft, draft.metric)),
    volumeRef: draft.minVolume?.metric === undefined ? undefined : refOf(queryOf(draft, draft.minVolume.metric)),
  }));
  const queries = [...refs].map(([key, ref]) => ({ ...(JSON.parse(key) as Omit<MetricQuery, 'ref'>), ref }));
  const { territoryId, scope, draft } = first;
  const identity: QueryIdentity = {
    territoryId,
    regionId,
    permissions: ['metrics:read'],
    ...(scope === undefined ? {} : { scope }),
  };
  const reply = await answers.query({ range: { last: draft.window }, queries }, identity, signal);
  return new Map(asked.map((one) => [one.id, foundIn(reply, one)]));
}

function queryOf({ filters, options, metric }: AlertRuleDraft, asked: string): Omit<MetricQuery, 'ref'> {
  return {
    metrics: [asked],
    ...(filters === undefined ? {} : { filters }),
    // They are the metric's own; a volume is counted as it is.
    ...(options === undefined || asked !== metric ? {} : { options }),
  };
}

interface Asked {
  readonly draft: AlertRuleDraft;
  readonly ref: string;
  readonly volumeRef: string | undefined;
}

function foundIn({ aggregations, errors, meta }: MetricReply, { draft, ref, volumeRef }: Asked): Found {
  const error = errors.find((one) => one.ref === ref || one.ref === volumeRef);
  if (error !== undefined) return { observation: { kind: 'unknown' }, problem: error.code, detail: error.detail };
  const isSilent = meta.watermark === null || meta.asOf - meta.watermark > SILENT_AFTER_MS;
  if (isSilent) return { observation: { kind: 'no_data' }, problem: null };
  const answered = aggregations.find((one) => one.ref === ref);
  const value = answered?.value ?? null;
  const volume = volumeRef === undefined ? answered?.den : aggregations.find((one) => one.ref === volumeRef)?.value;
  const hasVolume = draft.minVolume === undefined || (volume ?? 0) >= draft.minVolume.n;
  // Too few is not the same as unknown: nothing came in, and that is known.
  if (!hasVolume) return { observation: { kind: 'value', value: value ?? 0, hasVolume }, problem: null };
  return { observation: value === null ? { kind: 'no_data' } : { kind: 'value', value, hasVolume }, problem: null };
}
