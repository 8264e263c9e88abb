import type { RequestHandler } from 'express';
import type { Logger } from 'pino';
import { createKeysRouter } from '../auth/issued/keys-router.ts';
import { issuedTokens, ownKeys } from '../auth/issued/issued-tokens.ts';
import { createRegionKeys } from '../auth/issued/region-keys.ts';
import { openSigningKeys } from '../auth/issued/signing-keys.ts';
import type { SigningKeySource } from '../auth/issued/signing-keys.ts';
import { asTheyAre } from '../auth/pseudonyms.ts';
import type { Pseudonyms } from '../auth/pseudonyms.ts';
import type { TrustedIssuer } from '../auth/trusted-issuer.ts';
import type { BffConfig, RoleConfig } from '../config.ts';
import type { ConfigStore } from '../config-store/config-store.ts';
import {
  ClientRegister,
  DEFAULT_TOKEN_LIMITS,
  admitClient,
  createClientOriginsRouter,
  createRegionOrigins,
  createSqlClientSource,
  createTokenForwarder,
  createTokenRouter,
} from '../features/clients/index.ts';
import type { ClientRoutesOptions, ClientStore } from '../features/clients/index.ts';
import type { ClientAddressOf } from '../http/client-address.ts';
import { noOrigins, requireOwnOrigin } from '../http/registered-origins.ts';
import type { RegisteredOrigins } from '../http/registered-origins.ts';
import type { RegionProxy } from '../regions/region-proxy.ts';
import { regionOfPrefixedId } from '../regions/resolve-region.ts';

type Distributor = Extract<RoleConfig, { role: 'distributor' }>;
type Regional = Extract<RoleConfig, { role: 'regional' }>;

/** What registered clients bring to either role. */
interface Clients {
  /** Believes the tokens that are issued to them. */
  readonly issuer: TrustedIssuer;
  readonly origins: RegisteredOrigins;
  /** Behind authentication. */
  readonly admit: readonly RequestHandler[];
  /** What needs no token. */
  readonly handlers: readonly RequestHandler[];
  readonly close: () => Promise<void>;
}

/** What they bring to a region. */
export interface RegionalClients extends Clients {
  readonly routes: ClientRoutesOptions;
  /** Who is told whose streams end. */
  readonly onRevoked: (listener: (whose: { readonly sub: string; readonly territoryId: number }) => void) => void;
  readonly start: () => void;
}

/** What a region needs for them. */
interface RegionalParts {
  readonly store: ConfigStore;
  readonly clients: ClientStore;
  readonly pseudonyms: Pseudonyms;
  readonly clientAddressOf: ClientAddressOf;
  readonly logger: Logger;
}

function keySourceOf(own: Regional): SigningKeySource | undefined {
  if (own.tokenSigningKeys !== undefined) return { kind: 'set', keys: own.tokenSigningKeys };
  return own.store.kind === 'embedded' ? { kind: 'file', directory: own.store.directory } : undefined;
}

/** Wires registered clients of a region. */
export function createRegionalClients(config: BffConfig, own: Regional, parts: RegionalParts): RegionalClients {
  const { store, clients, pseudonyms, clientAddressOf, logger } = parts;
  const { audience } = config.auth;
  const keySource = keySourceOf(own);
  const keys = keySource === undefined ? undefined : openSigningKeys(keySource, own.regionId);
  const source = createSqlClientSource(store);
  const listeners: ((whose: { sub: string; territoryId: number }) => void)[] = [];
  const register = new ClientRegister({
    source,
    onChange: ({ id, territoryId }) => {
      for (const listener of listeners) listener({ sub: `client|${id}`, territoryId });
    },
    onFailure: (error) => {
      logger.warn({ err: error }, 'the registered clients could not be read; trying again');
    },
  });
  const published = keys === undefined ? () => Promise.resolve([]) : async () => (await keys()).published;
  const handlers: RequestHandler[] = [
    createKeysRouter(published),
    createTokenRouter({
      source,
      ...(keys === undefined ? {} : { keys }),
      audience,
      regionId: own.regionId,
      addressOf: clientAddressOf,
      limits: config.surface?.tokenLimits ?? DEFAULT_TOKEN_LIMITS,
      logger,
    }),
  ];
  if (own.internalToken !== undefined) handlers.push(createClientOriginsRouter(register, own.internalToken));
  return {
    issuer: issuedTokens(audience, ownKeys(keys)),
    origins: register,
    admit: [admitClient(register, pseudonyms), requireOwnOrigin(config.corsOrigins, register)],
    handlers,
    routes: { store: clients, regionId: own.regionId, pseudonyms, onChanged: () => register.refresh() },
    onRevoked: (listener) => {
      listeners.push(listener);
    },
    start: () => {
      register.start();
    },
    close: () => register.close(),
  };
}

/** Wires what the distributor knows of the registered clients of the regions; reading it begins at once. */
export function createDistributedClients(
  config: BffConfig,
  own: Distributor,
  forwardTo: RegionProxy['forwardTo'],
  logger: Logger,
): Clients {
  const regionKeys = createRegionKeys({
    urls: own.regionUrls,
    onFailure: (error, regionId) => {
      logger.debug({ err: error, regionId }, 'the keys of a region could not be read');
    },
  });
  regionKeys.start();
  const regionOrigins =
    own.internalToken === undefined
      ? undefined
      : createRegionOrigins({
          urls: own.regionUrls,
          internalToken: own.internalToken,
          onFailure: (error, regionId) => {
            logger.warn(
              { err: error, regionId },
              'the registered origins of a region could not be read; keeping the known',
            );
          },
        });
  regionOrigins?.start();
  const origins = regionOrigins ?? noOrigins;
  return {
    issuer: issuedTokens(config.auth.audience, regionKeys),
    origins,
    admit: [requireOwnOrigin(config.corsOrigins, origins)],
    handlers: [
      createKeysRouter(() => Promise.resolve(regionKeys.published())),
      createTokenForwarder({ regionOf: regionOfPrefixedId, forwardTo, logger }),
    ],
    close: () => {
      regionKeys.close();
      regionOrigins?.close();
      return Promise.resolve();
    },
  };
}

/** What the distributor documents of registered clients without serving it. */
export function documentedClients(store: ClientStore): ClientRoutesOptions {
  return { store, regionId: 1, pseudonyms: asTheyAre, onChanged: () => Promise.resolve() };
}
