import type { LuminaEvent } from '@lumina/contracts';

import { DecodeError, type DecodeErrorCode } from './decode-error.ts';
import { createPseudonymiser, type Pseudonymiser } from './personal-ids.ts';
import { isOriginalCallEvent, mapOriginalCallEvent } from './sources/call-event.ts';
import { mapEnvelope } from './sources/envelope.ts';
import { completedEnvelope, unwrapEventBridge } from './sources/eventbridge.ts';
import { isFreeswitchEvent, mapFreeswitch, mapScanned } from './sources/freeswitch.ts';
import { ScannedHeaders } from './sources/header-scanner.ts';
import { checkEvent } from './validate.ts';

/** For whom an event is decoded: the territory and region of the key it came with. */
export interface DecodeContext {
  readonly territoryId: number;
  readonly regionId: number;
  /** Secret of the pseudonyms that replace personal ids; without it they are still replaced, under an empty key. */
  readonly personalIdSecret?: string;
  /** Now, to refuse events from the future; absent = not checked. */
  readonly nowMs?: number | undefined;
  /** The text that the event was read from can spell no control character, so that none is looked for. */
  readonly isPlainText?: boolean;
  readonly territoryVariable?: string;
  readonly regionVariable?: string;
}

/** What the mappers of the sources see. */
export interface DecodeScope {
  readonly territoryId: number;
  readonly regionId: number;
  /** The id EventBridge gave, for an event that came through it and has none of its own. */
  readonly bridgedId: string | undefined;
  readonly pseudonymise: Pseudonymiser;
  readonly territoryVariable: string;
  readonly regionVariable: string;
  /** Throws `territory_mismatch` unless the ids are those of the context. */
  readonly assertOwn: (territoryId: unknown, regionId: unknown) => void;
}

/** A decoded raw event; it may hold no events, as for a leg that is not a call. */
export interface Decoded {
  readonly id: string;
  readonly events: LuminaEvent[];
}
/** Why a raw event was refused. */
export interface DecodeFailure {
  readonly error: { readonly code: DecodeErrorCode; readonly detail: string };
}

/** Timestream takes nothing that lies further ahead. */
const FUTURE_TOLERANCE_MS = 15 * 60_000;

/** Only a number or its decimal string names an id: what merely turns into such a string when asked does not. */
function names(value: unknown, id: number): boolean {
  return value === id || value === String(id);
}

function createScope(context: DecodeContext): DecodeScope {
  const { territoryId, regionId } = context;
  return {
    territoryId,
    regionId,
    bridgedId: undefined,
    pseudonymise: createPseudonymiser(territoryId, context.personalIdSecret ?? ''),
    territoryVariable: context.territoryVariable ?? 'variable_territory_id',
    regionVariable: context.regionVariable ?? 'variable_region_id',
    assertOwn: (ownTerritory, ownRegion) => {
      if (names(ownTerritory, territoryId) && names(ownRegion, regionId)) return;
      throw new DecodeError(
        'territory_mismatch',
        'The event names a territory or region that is not that of the ingest key.',
      );
    },
  };
}

/** Scopes by territory, for all that is the same for every event of a process: region, secret, names of variables. */
interface KnownScopes {
  readonly context: DecodeContext;
  readonly byTerritory: Map<number, DecodeScope>;
}
let known: KnownScopes | undefined;

function isSameProcess(a: DecodeContext, b: DecodeContext): boolean {
  return (
    a.regionId === b.regionId &&
    a.personalIdSecret === b.personalIdSecret &&
    a.territoryVariable === b.territoryVariable &&
    a.regionVariable === b.regionVariable
  );
}

/** The scope of a context; making one takes a hash, so that those of a process are kept. */
function scopeOf(context: DecodeContext): DecodeScope {
  if (known === undefined || !isSameProcess(known.context, context)) known = { context, byTerritory: new Map() };
  let scope = known.byTerritory.get(context.territoryId);
  if (scope === undefined) {
    scope = createScope(context);
    known.byTerritory.set(context.territoryId, scope);
  }
  return scope;
}

function mapParsed(raw: unknown, own: DecodeScope): { readonly id: string; readonly event: unknown } {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) {
    throw new DecodeError('malformed', 'An event is a JSON object.');
  }
  const bridged = unwrapEventBridge(raw);
  const fields = bridged?.detail ?? (raw as Readonly<Record<string, unknown>>);
  const scope = bridged === undefined ? own : { ...own, bridgedId: bridged.fallbackId };
  const map = isFreeswitchEvent(fields)
    ? mapFreeswitch
    : isOriginalCallEvent(fields)
      ? mapOriginalCallEvent
      : mapEnvelope;
  const isBareEnvelope = bridged !== undefined && map === mapEnvelope;
  return map(isBareEnvelope ? completedEnvelope(fields, bridged) : fields, scope);
}

function decode(raw: unknown, context: DecodeContext): Decoded {
  const scope = scopeOf(context);
  const { id, event: mapped } = raw instanceof ScannedHeaders ? mapScanned(raw, scope) : mapParsed(raw, scope);
  if (mapped === undefined) return { id, events: [] };
  const { territoryId, regionId, nowMs, isPlainText } = context;
  const event = checkEvent(mapped, nowMs === undefined ? Infinity : nowMs + FUTURE_TOLERANCE_MS, isPlainText);
  scope.assertOwn(event.territoryId, event.regionId);
  // Ids may come as decimal strings; from here on they are numbers.
  const hasNumbers = event.territoryId === territoryId && event.regionId === regionId;
  return { id, events: [hasNumbers ? event : { ...event, territoryId, regionId }] };
}

/** Decodes one raw event of any source, parsed or scanned. Pure: the same event and context give the same answer for ever. */
export function decodeEvent(raw: unknown, context: DecodeContext): Decoded | DecodeFailure {
  try {
    return decode(raw, context);
  } catch (error) {
    if (error instanceof DecodeError) return { error: { code: error.code, detail: error.message } };
    throw error;
  }
}
