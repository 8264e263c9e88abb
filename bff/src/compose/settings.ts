import { isDeepStrictEqual } from 'node:util';
import type { RequestHandler } from 'express';
import type { Access } from './access.ts';
import type { BffConfig } from '../config.ts';
import { SETTINGS_SUBJECT, admitAddress, createSettingsSource } from '../features/settings/index.ts';
import type { SettingsFeed, SettingsNews, SettingsRouteOptions, SettingsStore } from '../features/settings/index.ts';
import { clientAddress } from '../http/client-address.ts';
import type { LiveFeature } from '../live/index.ts';

/** A region is reached through the distributor only, from the networks of one's own. */
const PRIVATE_NETWORKS = ['127.0.0.0/8', '10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '::1', 'fc00::/7'];

/** Settings of territories, and what follows from them. */
export interface Settings {
  readonly source: SettingsFeed;
  readonly routes: SettingsRouteOptions;
  /** Lets in whom the settings let in. */
  readonly admit: RequestHandler;
  /** Hears of changes in other processes, and has what is watched follow each change at once. */
  readonly follow: (access: Pick<Access, 'onRevoked'>, live: Pick<LiveFeature, 'revoke' | 'reconsider'>) => void;
}

/** Networks whose word about the address of a caller is believed. */
function trustedProxiesOf({ trustedProxies, own }: BffConfig): readonly string[] {
  return trustedProxies ?? (own.role === 'regional' ? PRIVATE_NETWORKS : []);
}

/** Wires the settings of territories. */
export function createSettings(config: BffConfig, store: SettingsStore): Settings {
  const source = createSettingsSource(store);
  const clientAddressOf = clientAddress(trustedProxiesOf(config));
  return {
    source,
    routes: { store, source, clientAddressOf },
    admit: admitAddress({ source, clientAddressOf }),
    follow: (access, live) => {
      access.onRevoked(({ sub, territoryId }) => {
        if (sub === SETTINGS_SUBJECT) source.refresh({ territoryId });
      });
      source.onChange((news) => {
        // Whoever is still welcome comes back.
        if (isAdmissionChanged(news)) live.revoke({ territoryId: news.territoryId });
        else live.reconsider(news.territoryId);
      });
    },
  };
}

/** Whether people who are connected may have lost the right to be. */
function isAdmissionChanged({ before, settings }: SettingsNews): boolean {
  return (
    !isDeepStrictEqual(before.ipAllowList, settings.ipAllowList) ||
    before.session.maxAgeMinutes !== settings.session.maxAgeMinutes
  );
}
