import { LuminaConnection } from './lumina-connection.ts';
import type { ConnectionOptions } from './lumina-connection.ts';

interface Entry {
  options: ConnectionOptions;
  readonly connection: LuminaConnection;
  holders: number;
}

const entries = new Set<Entry>();

function isSame(a: ConnectionOptions, b: ConnectionOptions): boolean {
  return a.baseUrl === b.baseUrl && a.getToken === b.getToken && a.fetch === b.fetch;
}

function closeWhenUnused(entry: Entry): void {
  // A tag that moves on the page leaves and comes back within one task: that must not cost a new session.
  queueMicrotask(() => {
    if (entry.holders > 0 || !entries.delete(entry)) return;
    entry.connection.close();
  });
}

/** A share in a connection. */
export interface ConnectionLease {
  readonly connection: LuminaConnection;
  /**
   * Follows another token callback for the same API. Alone on the connection it is swapped in place: no new session, no
   * new requests. Where others share it, they keep their callback and this answers false.
   */
  follow(options: ConnectionOptions): boolean;
  /** Gives the share back; the last one closes the connection. */
  release(): void;
}

/** The connection for an API, a token callback and a fetch: one per page, open while anybody holds a share. */
export function leaseConnection(options: ConnectionOptions): ConnectionLease {
  let entry = [...entries].find((known) => isSame(known.options, options));
  if (entry === undefined) {
    entry = { options, connection: new LuminaConnection(options), holders: 0 };
    entries.add(entry);
  }
  entry.holders += 1;
  entry.connection.open();
  return leaseOf(entry);
}

function leaseOf(entry: Entry): ConnectionLease {
  let isHeld = true;
  return {
    connection: entry.connection,
    follow: (options) => {
      if (isSame(entry.options, options)) return true;
      const isOnlyTokenNew = isSame({ ...entry.options, getToken: options.getToken }, options);
      if (!isOnlyTokenNew || entry.holders > 1) return false;
      entry.options = options;
      entry.connection.replaceGetToken(options.getToken);
      return true;
    },
    release: () => {
      if (!isHeld) return;
      isHeld = false;
      entry.holders -= 1;
      closeWhenUnused(entry);
    },
  };
}
