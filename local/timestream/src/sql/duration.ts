const NS_PER_UNIT: Record<string, bigint> = {
  ns: 1n,
  us: 1_000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
  d: 86_400_000_000_000n,
};

/** Nanoseconds of a text such as `5m`; undefined when it is none. */
export function parseDuration(text: string): bigint | undefined {
  const match = /^(\d+)(ns|us|ms|s|m|h|d)$/i.exec(text.trim());
  const factor = NS_PER_UNIT[match?.[2]?.toLowerCase() ?? ''];
  return match?.[1] === undefined || factor === undefined ? undefined : BigInt(match[1]) * factor;
}

const SECONDS_PER_UNIT = [
  ['week', 604_800],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
] as const;

/** `1 minute, 36 seconds` */
export function humanSeconds(seconds: number): string {
  if (!Number.isFinite(seconds)) return String(seconds);
  let rest = Math.round(seconds);
  const parts: string[] = [];
  for (const [unit, size] of SECONDS_PER_UNIT) {
    const count = Math.trunc(rest / size);
    rest -= count * size;
    if (count !== 0) parts.push(`${count} ${unit}${count === 1 ? '' : 's'}`);
  }
  return parts.length === 0 ? '0 seconds' : parts.join(', ');
}
