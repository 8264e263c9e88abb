import { isRegionId } from '@lumina/contracts';
import type { Claims, ProblemCode, RegionId } from '@lumina/contracts';

/** The headers by which a request may hint at (or, for super_admin, name) a territory. */
export interface TerritoryHeaders {
  readonly territoryId?: string | undefined;
  readonly regionId?: string | undefined;
  readonly reason?: string | undefined;
}

/** Where a request belongs, or why nowhere. */
export type RegionResolution =
  | { readonly kind: 'resolved'; readonly territoryId: number; readonly regionId: RegionId; readonly reason?: string }
  | { readonly kind: 'refused'; readonly code: ProblemCode; readonly detail: string };

/** Digits only, no sign, no list ("1, 2" is what a repeated header becomes), no leading zero. */
const DECIMAL_ID = /^(0|[1-9]\d{0,9})$/;
const MAX_REASON_LENGTH = 500;

function refused(code: ProblemCode, detail: string): RegionResolution {
  return { kind: 'refused', code, detail };
}

function resolveNamed(headers: TerritoryHeaders): RegionResolution {
  const { territoryId, regionId } = headers;
  const reason = headers.reason?.trim() ?? '';
  if (
    territoryId === undefined ||
    !DECIMAL_ID.test(territoryId) ||
    regionId === undefined ||
    !DECIMAL_ID.test(regionId)
  ) {
    return refused('territory_required', 'Name one territory and its region: X-Territory-Id, X-Region-Id, X-Reason.');
  }
  if (reason === '' || reason.length > MAX_REASON_LENGTH) {
    return refused('territory_required', `Say why in X-Reason, in at most ${String(MAX_REASON_LENGTH)} characters.`);
  }
  const region = Number(regionId);
  if (!isRegionId(region)) return refused('region_unknown', 'X-Region-Id names no region.');
  return { kind: 'resolved', territoryId: Number(territoryId), regionId: region, reason };
}

/**
 * Decides territory and region of a request. The claim decides; a header only ever confirms it, except for
 * super_admin, whose token has no territory. Pure, so that every place that routes decides alike.
 */
export function resolveRegion(claims: Claims, headers: TerritoryHeaders): RegionResolution {
  if (claims.roles.includes('super_admin')) return resolveNamed(headers);
  const { territoryId, regionId } = claims;
  if (territoryId === undefined) return refused('unauthenticated', 'The token names no territory.');
  if (headers.territoryId !== undefined && headers.territoryId !== String(territoryId)) {
    return refused('territory_mismatch', 'X-Territory-Id is not the territory of this token.');
  }
  if (regionId === undefined) return refused('region_unknown', 'The token names no region.');
  if (headers.regionId !== undefined && headers.regionId !== String(regionId)) {
    return refused('territory_mismatch', 'X-Region-Id is not the region of this token.');
  }
  if (!isRegionId(regionId))
    return refused('region_unknown', 'The region of this token is not in the table of regions.');
  return { kind: 'resolved', territoryId, regionId };
}

/**
 * Whoever comes without a user's token (a client that asks for one, a share, a ticket) names an id that begins with its
 * region: ASCII throughout, one digit of the table, then what only that region can read.
 */
const PREFIXED_ID = /^r([1-9])_[A-Za-z0-9_-]{16,64}$/;

/** The region of an id such as `r2_…`, looked up in the table of regions only; undefined where the id is none of them. */
export function regionOfPrefixedId(id: string): RegionId | undefined {
  const region = Number(PREFIXED_ID.exec(id)?.[1]);
  return isRegionId(region) ? region : undefined;
}
