import { lookup as systemLookup } from 'node:dns';
import type { LookupAddress } from 'node:dns';
import { isIP } from 'node:net';
import type { LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';

/** Resolves a name to all its addresses; `dns.lookup` by default. */
export type ResolveHost = (hostname: string) => Promise<readonly LookupAddress[]>;

/** An address that may not be called: why is safe to show to whoever entered it. */
export class AddressRefusedError extends Error {
  readonly code = 'webhook_address_refused';

  constructor(detail: string) {
    super(detail);
    this.name = 'AddressRefusedError';
  }
}

/** A name that leads nowhere, now. */
export class HostUnknownError extends Error {}

/** The system's resolver. */
export const resolveHost: ResolveHost = (hostname) =>
  new Promise((resolve, reject) => {
    systemLookup(hostname, { all: true, order: 'verbatim' }, (error, addresses) => {
      if (error === null) resolve(addresses);
      else reject(new HostUnknownError(`The name does not resolve (${error.code ?? 'unknown'}).`, { cause: error }));
    });
  });

const GLOBAL_IPV6 = ipaddr.parseCIDR('2000::/3');
/** Names that mean this machine or this network, whatever a resolver makes of them. */
const LOCAL_NAME =
  /(?:^|\.)(?:localhost|local|localdomain|internal|intranet|home|lan|corp|private|arpa|test|invalid|onion)$/;

/** Whether packets to an address go out into the public internet, and nowhere else. */
export function isPublicAddress(address: string): boolean {
  // A zone names an interface of this machine.
  if (isIP(address) === 0 || address.includes('%')) return false;
  const parsed = ipaddr.parse(address);
  if (parsed.range() !== 'unicast') return false;
  // Whatever embeds an IPv4 address, or is not assigned at all, lies outside what is handed out.
  return parsed.kind() === 'ipv4' || parsed.match(GLOBAL_IPV6);
}

/** Hosts and ports that are called whatever they are, `127.0.0.1:8443`: for tests on one machine. */
export type AllowedHosts = ReadonlySet<string>;

const portOf = ({ protocol, port }: URL): string => (port === '' ? (protocol === 'http:' ? '80' : '443') : port);
const isAllowed = (url: URL, allowed: AllowedHosts): boolean => allowed.has(`${url.hostname}:${portOf(url)}`);

/** A URL that may be called as far as its text can tell; throws {@link AddressRefusedError}. */
export function parseWebhookUrl(text: string, allowed: AllowedHosts): URL {
  if (!URL.canParse(text))
    throw new AddressRefusedError('This is not a URL; write for example https://example.com/hook.');
  // The parser settles what a browser or curl would call: 0x7f.1, 2130706433 and 127.0.0.1. are all 127.0.0.1.
  const url = new URL(text);
  if (url.username !== '' || url.password !== '') {
    throw new AddressRefusedError(
      'A URL with a user name or password in it is not called; messages are signed instead.',
    );
  }
  if (isAllowed(url, allowed) && (url.protocol === 'https:' || url.protocol === 'http:')) return url;
  if (url.protocol !== 'https:') throw new AddressRefusedError('Only https is called.');
  if (portOf(url) !== '443') throw new AddressRefusedError('Only port 443 is called.');
  const literal = literalOf(url);
  const name = url.hostname.replace(/\.+$/, '');
  if (literal === undefined && (!name.includes('.') || LOCAL_NAME.test(name))) {
    throw new AddressRefusedError('This name is of a machine or network of its own; only public names are called.');
  }
  if (literal !== undefined && !isPublicAddress(literal)) throw refusedAddress();
  return url;
}

function refusedAddress(): AddressRefusedError {
  // Which address it was would tell what names mean inside this network.
  return new AddressRefusedError('This leads to an address that is not public.');
}

function literalOf({ hostname }: URL): string | undefined {
  const bare = hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  return isIP(bare) === 0 ? undefined : bare;
}

/** All addresses of a URL's host, once every one of them is public; throws {@link AddressRefusedError}. */
export async function resolvePublic(
  url: URL,
  resolve: ResolveHost,
  allowed: AllowedHosts,
): Promise<readonly LookupAddress[]> {
  const literal = literalOf(url);
  const addresses = literal === undefined ? await resolve(url.hostname) : [{ address: literal, family: isIP(literal) }];
  if (addresses.length === 0) throw new HostUnknownError('The name does not resolve.');
  if (!isAllowed(url, allowed) && !addresses.every(({ address }) => isPublicAddress(address))) throw refusedAddress();
  return addresses;
}

/** A look-up for one connection that knows only the addresses that were checked: a second answer is never asked for. */
export function pinnedLookup(addresses: readonly LookupAddress[]): LookupFunction {
  return (_hostname, options, callback) => {
    const [first] = addresses;
    if (first === undefined) callback(new HostUnknownError('The name does not resolve.'), '', 0);
    else if (options.all === true) callback(null, [...addresses]);
    else callback(null, first.address, first.family);
  };
}
