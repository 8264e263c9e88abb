/** A Chromium that can be started, and what it needs to be told. */
export interface BrowserChoice {
  readonly executablePath: string;
  readonly args: string[];
}

/** The browser of this machine, fetched if there is none. */
export function resolveBrowser(): Promise<BrowserChoice>;
