import {
  headerNamed,
  respelledHeaders,
  textOfHeader,
  textsOfHeader,
  valueInAnyCase,
  type HeaderName,
} from './freeswitch-headers.ts';
import { transferKindOf } from './freeswitch-transfers.ts';

/** Names of the channel variables that hold territory and region, where they are not the usual ones. */
export interface TenantVariables {
  readonly territoryVariable?: string;
  readonly regionVariable?: string;
}

const USUAL_NAMES = { territoryVariable: 'variable_territory_id', regionVariable: 'variable_region_id' } as const;
const TENANT_VARIABLES = ['territoryVariable', 'regionVariable'] as const;

function whitelisted(name: HeaderName, value: unknown): unknown {
  if (name === 'variable_transfer_history') return textsOfHeader(value).map(transferKindOf);
  return typeof value === 'number' ? value : textOfHeader(value);
}

/** A raw event reduced to the headers that are read, each in its own spelling and once. */
export function whitelistHeaders(
  raw: Readonly<Record<string, unknown>>,
  variables: TenantVariables,
): Record<string, unknown> {
  const kept: Record<string, unknown> = {};
  const keep = (name: HeaderName, value: unknown): void => {
    const text = whitelisted(name, value);
    if (text !== undefined) kept[name] = text;
  };
  let isRespelled = false;
  for (const spelling in raw) {
    const name = headerNamed(spelling);
    if (name === spelling) keep(name, raw[spelling]);
    else if (name !== null) isRespelled = true;
  }
  if (isRespelled) {
    for (const [name, value] of respelledHeaders(raw)) if ((raw[name] ?? undefined) === undefined) keep(name, value);
  }
  for (const which of TENANT_VARIABLES) {
    const variable = variables[which];
    const name = USUAL_NAMES[which];
    if (variable !== undefined && variable !== name) keep(name, valueInAnyCase(raw, variable));
  }
  return kept;
}
