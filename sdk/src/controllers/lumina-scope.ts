import { createContext } from '@lit/context';
import type { CursorStore } from '../client/cursor-store.ts';
import type { LuminaClient } from '../client/lumina-client.ts';
import type { LuminaError } from '../client/lumina-error.ts';
import type { NameResolver } from '../client/name-resolver.ts';
import type { SessionInfo } from '../client/session.ts';
import type { TargetSource } from '../client/target-source.ts';
import type { SeriesColours } from '../theme/series-colours.ts';
import type { Density, ThemeName } from '../theme/tokens.ts';
import type { LuminaConnection } from './lumina-connection.ts';

/** What the page around the tags is about, e.g. the record of a Salesforce page. */
export interface LuminaHostContext {
  /** The record the page shows; handed down to whoever asks for it. */
  readonly recordId?: string;
  /** Tiles that can be filtered by queue, and are not already, show these queues only. */
  readonly queueIds?: readonly string[];
  /** Tiles that can be filtered by agent, and are not already, show these agents only. */
  readonly agentIds?: readonly string[];
}

/** How the tags are to look and speak. */
export interface LuminaAppearance {
  readonly locale: string;
  /** The zone the host chose; undefined leaves it to the territory. */
  readonly timeZone: string | undefined;
  readonly theme: ThemeName;
  readonly density: Density;
}

/** What a provider gives to the tags below it. A new object per change. */
export interface LuminaScope extends LuminaAppearance {
  readonly client: LuminaClient;
  readonly names: NameResolver;
  /** What the territory wants metrics to reach; absent where nobody says. */
  readonly targets?: TargetSource;
  readonly colours: SeriesColours;
  readonly cursor: CursorStore;
  readonly session: SessionInfo | undefined;
  readonly sessionError: LuminaError | undefined;
  readonly hostContext: LuminaHostContext;
  /** False where tiles are to be asked for once and again on refresh only; a board may say so. Default true. */
  readonly isLive?: boolean;
  /** The stored dashboard that the tags below stand on; absent where they stand alone. */
  readonly dashboardId?: string | undefined;
  /** Asks for a token and the session again. */
  readonly retry: () => void;
}

/** The context key; a registered symbol, so that two copies of one build on a page still meet. */
export const luminaContext = createContext<LuminaScope | undefined>(Symbol.for('lumina.scope'));

/** What a connection gives under an appearance; undefined while it is closed. */
export function scopeOf(
  connection: LuminaConnection,
  appearance: LuminaAppearance,
  hostContext: LuminaHostContext = {},
): LuminaScope | undefined {
  const { parts } = connection;
  if (parts === undefined) return undefined;
  return {
    ...appearance,
    client: parts.client,
    names: parts.names,
    targets: parts.targets,
    colours: connection.colours,
    cursor: connection.cursor,
    session: connection.session,
    sessionError: connection.sessionError,
    hostContext,
    retry: () => {
      connection.refresh();
    },
  };
}
