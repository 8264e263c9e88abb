import type { RequestHandler } from 'express';
import { identityOf } from '../../auth/identity.ts';
import type { Identity } from '../../auth/identity.ts';
import { addressRanges } from '../../http/address-ranges.ts';
import type { AddressRanges } from '../../http/address-ranges.ts';
import type { ClientAddressOf } from '../../http/client-address.ts';
import { HttpProblem } from '../../http/problem.ts';
import type { SettingsSource } from './settings-source.ts';

/** What the middleware needs. */
export interface AdmitAddressOptions {
  readonly source: Pick<SettingsSource, 'current'>;
  readonly clientAddressOf: ClientAddressOf;
  readonly clock?: () => number;
}

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;

/** Whoever may act for any territory comes from none of its networks, and must be able to mend a list that is wrong. */
export function isExemptFromAddresses({ roles }: Pick<Identity, 'roles'>): boolean {
  return roles.includes('super_admin');
}

/** Read once per list: settings are replaced, never changed. */
const rangesOf = new WeakMap<readonly string[], AddressRanges>();

function isAllowed(allowList: readonly string[], address: string | undefined): boolean {
  const ranges = rangesOf.get(allowList) ?? addressRanges(allowList);
  rangesOf.set(allowList, ranges);
  return address !== undefined && ranges.includes(address);
}

/** Since when a session lasts: the sign-in where the token tells it, else when the token was issued. */
function sessionAgeMs({ signedInAtSeconds, issuedAtSeconds }: Identity, nowMs: number): number {
  return nowMs - (signedInAtSeconds ?? issuedAtSeconds) * SECOND_MS;
}

/**
 * Middleware that lets in only who the settings of the territory let in: from its networks, and with a session that is
 * not too old. Comes after the identity is settled.
 */
export function admitAddress({ source, clientAddressOf, clock = Date.now }: AdmitAddressOptions): RequestHandler {
  return async (request, _response, next) => {
    const identity = identityOf(request);
    const { ipAllowList, session } = await source.current(identity);
    if (
      ipAllowList !== undefined &&
      !isExemptFromAddresses(identity) &&
      !isAllowed(ipAllowList, clientAddressOf(request))
    )
      throw new HttpProblem(
        'forbidden',
        'This territory is open to its own networks only; connect to one of them, or ask an administrator.',
      );
    const { maxAgeMinutes } = session;
    if (maxAgeMinutes !== undefined && sessionAgeMs(identity, clock()) > maxAgeMinutes * MINUTE_MS)
      throw new HttpProblem('unauthenticated', 'This session is older than the territory allows; sign in again.', {
        headers: { 'WWW-Authenticate': 'Bearer error="invalid_token"' },
      });
    next();
  };
}
