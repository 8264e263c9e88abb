import type { MetricQueryRequest, MetricReply } from '@lumina/contracts';
import type { LuminaAlert } from '../alerts.ts';
import type { HttpClient } from '../http-client.ts';
import type { ClientManagers } from '../managers.ts';
import type { TokenSource } from '../token-source.ts';
import type { FeedUpdate } from './live-feed.ts';
import type { LiveTransport, TransportName } from './transport.ts';

/** What a live connection needs. */
export interface LiveConnectionOptions {
  readonly http: HttpClient;
  readonly tokens: TokenSource;
  readonly managers: ClientManagers;
  readonly localNowMs: () => number;
  readonly names: readonly TransportName[];
  readonly transports: readonly LiveTransport[];
  /** Puts new answers where their watchers look; all that arrived together at once. */
  readonly publish: (updates: readonly FeedUpdate[]) => void;
  /** Takes over where an alert is. */
  readonly onAlert: (alert: LuminaAlert) => void;
  /** Asks a request by itself. */
  readonly ask: (request: MetricQueryRequest) => Promise<MetricReply>;
}
