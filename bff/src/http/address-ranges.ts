import ipaddr from 'ipaddr.js';

type Range = ReturnType<typeof ipaddr.parseCIDR>;

/** Ranges of addresses, IPv4 and IPv6. */
export interface AddressRanges {
  /** Whether an address lies in one of them; an IPv4 address inside IPv6 (`::ffff:`) is the IPv4 address. What is no address lies nowhere. */
  readonly includes: (address: string) => boolean;
}

const MAPPED_BITS = 96;

/** An address in the one form that is compared; undefined for what is none. */
export function parseAddress(text: string): ipaddr.IPv4 | ipaddr.IPv6 | undefined {
  // Four decimal numbers or IPv6: shorter and octal forms mean different addresses to different readers.
  const isReadable = ipaddr.IPv4.isValidFourPartDecimal(text) || (text.includes(':') && !text.includes('%'));
  return isReadable && ipaddr.isValid(text) ? ipaddr.process(text) : undefined;
}

/** A network (`10.0.0.0/8`, `2001:db8::/32`) or a single address; undefined for what is neither, or has bits beyond its prefix. */
function parseRange(text: string): Range | undefined {
  const [base = '', prefix, ...rest] = text.split('/');
  const address = parseAddress(base);
  if (address === undefined || rest.length > 0) return undefined;
  const longest = address.kind() === 'ipv4' ? 32 : 128;
  if (prefix === undefined) return [address, longest];
  if (!/^(?:0|[1-9]\d{0,2})$/.test(prefix)) return undefined;
  // A prefix of a mapped address counts the 96 bits before the IPv4 address too.
  const isMapped = longest === 32 && base.includes(':');
  const length = Number(prefix) - (isMapped ? MAPPED_BITS : 0);
  if (length < 0 || length > longest || !isNetwork(address, length)) return undefined;
  return [address, length];
}

function isNetwork(address: ipaddr.IPv4 | ipaddr.IPv6, length: number): boolean {
  return address
    .toByteArray()
    .every((byte, index) => (byte & (0xff >> Math.min(8, Math.max(0, length - index * 8)))) === 0);
}

/** The first text that is no range; undefined where all are. */
export function firstBadRange(texts: readonly string[]): string | undefined {
  return texts.find((text) => parseRange(text) === undefined);
}

/** Reads ranges; what is none is left out, so check them with {@link firstBadRange} before. */
export function addressRanges(texts: readonly string[]): AddressRanges {
  const ranges = texts.map(parseRange).filter((range) => range !== undefined);
  return {
    includes: (text) => {
      const address = parseAddress(text);
      return address !== undefined && ranges.some((range) => isIn(address, range));
    },
  };
}

function isIn(address: ipaddr.IPv4 | ipaddr.IPv6, [network, length]: Range): boolean {
  return address.kind() === network.kind() && address.match(network, length);
}
