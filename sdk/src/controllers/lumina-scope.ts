import { createContext } from '@lit/context';
import type { CursorStore } from '../client/cursor-store.ts';
import type { LuminaClient } from '../client/lumina-client.ts';
import type { LuminaError } from '../client/lumina-error.ts';
import type { NameResolver } from '../client/name-resolver.ts';
import type { SessionInfo } from '../client/session.ts';
import type { SeriesColours } from '../theme/series-colours.ts';
import type { ThemeName } from '../theme/tokens.ts';

/** What a provider gives to the tags below it. A new object per change. */
export interface LuminaScope {
  readonly client: LuminaClient;
  readonly names: NameResolver;
  readonly colours: SeriesColours;
  readonly cursor: CursorStore;
  readonly session: SessionInfo | undefined;
  readonly sessionError: LuminaError | undefined;
  readonly locale: string;
  /** The zone the host chose; undefined leaves it to the territory. */
  readonly timeZone: string | undefined;
  readonly theme: ThemeName;
  /** Asks for a token and the session again. */
  readonly retry: () => void;
}

/** The context key; a registered symbol, so that two copies of one build on a page still meet. */
export const luminaContext = createContext<LuminaScope | undefined>(Symbol.for('lumina.scope'));
