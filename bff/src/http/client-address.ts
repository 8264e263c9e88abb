import type { IncomingHttpHeaders } from 'node:http';
import { addressRanges, parseAddress } from './address-ranges.ts';

/** A request, as far as it tells where it came from. */
export interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly socket: { readonly remoteAddress?: string | undefined };
}

/** Finds the address that a request came from. */
export type ClientAddressOf = (request: Received) => string | undefined;

/**
 * The address of whoever sent a request: the peer of its connection or, where that is one of our own proxies, the one that
 * it names, and so on from the right of `X-Forwarded-For`. Whatever a stranger writes into the header stands further left
 * than what our proxies add, and is never reached. Undefined where no address can be told.
 */
export function clientAddress(trustedProxies: readonly string[]): ClientAddressOf {
  const trusted = addressRanges(trustedProxies);
  return ({ headers, socket }) => {
    const said = String(headers['x-forwarded-for'] ?? '')
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== '');
    let address = socket.remoteAddress ?? '';
    while (trusted.includes(address)) {
      const named = said.pop();
      if (named === undefined) break;
      address = named;
    }
    return parseAddress(address)?.toString();
  };
}
