import type { GetToken } from '../../client/token-source.ts';
import { apiAddress } from '../../controllers/api-address.ts';
import type { OwnConnection } from '../../controllers/scope-controller.ts';
import { usableTimeZone } from '../../controllers/usable-time-zone.ts';
import { usableLocale } from '../../i18n/locale-choice.ts';
import { resolveTheme } from '../../theme/theme-preference.ts';
import type { Density } from '../../theme/tokens.ts';

/** What a tag says of a connection of its own. */
export interface OwnWords {
  readonly baseUrl: string;
  readonly getToken: GetToken | undefined;
  readonly fetch: typeof fetch | undefined;
  readonly locale: string;
  readonly timeZone: string;
  readonly preferredTheme: string;
  readonly density: Density;
}

/** The connection of a tag that stands alone; undefined for one that brings no token callback, and uses a provider. */
export function ownConnectionOf(words: OwnWords): OwnConnection | undefined {
  if (words.getToken === undefined) return undefined;
  const baseUrl = apiAddress(words.baseUrl);
  if (baseUrl === undefined) return undefined;
  return {
    connection: { baseUrl, getToken: words.getToken, fetch: words.fetch },
    appearance: {
      locale: usableLocale(words.locale),
      timeZone: usableTimeZone(words.timeZone),
      theme: resolveTheme(words.preferredTheme),
      density: words.density,
    },
  };
}
