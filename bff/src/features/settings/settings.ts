import type { Request, Response } from 'express';
import Type from 'typebox';
import type { SettingsVersion, TerritorySettings } from '@lumina/contracts';
import { SettingsVersionSchema, TerritorySettingsSchema } from '@lumina/contracts/schemas';
import type { Identity } from '../../auth/identity.ts';
import { addressRanges } from '../../http/address-ranges.ts';
import type { ClientAddressOf } from '../../http/client-address.ts';
import { expectedVersionOf } from '../../http/if-match.ts';
import { HttpProblem } from '../../http/problem.ts';
import { defineRoute } from '../../http/route.ts';
import type { Route } from '../../http/route.ts';
import { checkSettings } from './check-settings.ts';
import { isExemptFromAddresses } from './admit-address.ts';
import type { SettingsFeed } from './settings-source.ts';
import type { SettingsStore, StoredSettings } from './settings-store.ts';

/** What the routes need. */
export interface SettingsRouteOptions {
  readonly store: SettingsStore;
  readonly source: Pick<SettingsFeed, 'take'>;
  readonly clientAddressOf: ClientAddressOf;
}

const VersionListSchema = Type.Object({ items: Type.Array(SettingsVersionSchema) });

/** As a person may see them: which networks are let in is for those who decide it. */
function shown({ version, updatedAt, updatedBy, body }: StoredSettings, identity: Identity): SettingsVersion {
  const { ipAllowList, ...open } = body;
  const isHidden = ipAllowList === undefined || !identity.permissions.includes('settings:write');
  return { version, updatedAt, updatedBy, body: isHidden ? open : body };
}

function send(response: Response, settings: StoredSettings, identity: Identity): void {
  response
    .set('ETag', `"${String(settings.version)}"`)
    .set('Cache-Control', 'private, no-cache')
    .json(shown(settings, identity));
}

function missing(): HttpProblem {
  return new HttpProblem('not_found', 'This territory is not set up yet; import its directory first.');
}

/** Nobody may close the door on themselves: a mistake in a list could be undone by no one. */
function assertOwnAddress({ ipAllowList }: TerritorySettings, identity: Identity, address: string | undefined): void {
  if (ipAllowList === undefined || isExemptFromAddresses(identity)) return;
  if (address !== undefined && addressRanges(ipAllowList).includes(address)) return;
  throw new HttpProblem(
    'invalid_request',
    `body/ipAllowList would lock you out: your own address is ${address ?? 'not known'}. Add its network, or change the list from inside one of these.`,
  );
}

function conflictOf(current: StoredSettings, submitted: TerritorySettings, identity: Identity): HttpProblem {
  return new HttpProblem(
    'conflict',
    'Somebody changed the settings in the meantime; look at both versions and send yours again with the new ETag.',
    { extensions: { current: shown(current, identity), submitted }, headers: { ETag: `"${String(current.version)}"` } },
  );
}

function readRoutes({ store }: SettingsRouteOptions): Route[] {
  return [
    defineRoute({
      method: 'get',
      path: '/api/settings',
      summary: 'The settings of the territory; their version is the ETag, 0 are the defaults',
      permission: 'dashboards:read',
      success: { status: 200, description: 'The settings', schema: SettingsVersionSchema },
      handle: async ({ identity, response }) => {
        const settings = await store.find(identity);
        if (settings === undefined) throw missing();
        send(response, settings, identity);
      },
    }),
    defineRoute({
      method: 'get',
      path: '/api/settings/versions',
      summary: 'Former settings, newest first; put one again to restore it',
      permission: 'dashboards:read',
      success: { status: 200, description: 'Versions', schema: VersionListSchema },
      handle: async ({ identity, response }) => {
        const versions = await store.versions(identity);
        response
          .set('Cache-Control', 'private, no-cache')
          .json({ items: versions.map((version) => shown(version, identity)) });
      },
    }),
  ];
}

function writeRoute({ store, source, clientAddressOf }: SettingsRouteOptions): Route {
  const assertUsable = (body: TerritorySettings, identity: Identity, request: Request): void => {
    checkSettings(body);
    assertOwnAddress(body, identity, clientAddressOf(request));
  };
  return defineRoute({
    method: 'put',
    path: '/api/settings',
    summary: 'Change the settings, if nobody changed them since; what is left out is given up',
    permission: 'settings:write',
    headers: ['If-Match'],
    body: TerritorySettingsSchema,
    success: { status: 200, description: 'The new version', schema: SettingsVersionSchema },
    handle: async ({ identity, body, request, response }) => {
      const expectedVersion = expectedVersionOf(request);
      assertUsable(body, identity, request);
      const outcome = await store.replace(identity, { expectedVersion, body });
      if (outcome.kind === 'missing') throw missing();
      if (outcome.kind === 'stale') throw conflictOf(outcome.current, body, identity);
      source.take(identity, outcome.settings);
      send(response, outcome.settings, identity);
    },
  });
}

/** `/api/settings`: what a territory's numbers are computed and judged by, with optimistic concurrency. */
export function settingsRoutes(options: SettingsRouteOptions): readonly Route[] {
  return [...readRoutes(options), writeRoute(options)];
}
