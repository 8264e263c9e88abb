/** What a bench found. Ratios are ours / peer, absolute figures included; medians are in the unit of their name. */
export interface BenchResult {
  readonly ratios: Readonly<Record<string, number>>;
  readonly medians: Readonly<Record<string, number>>;
}

const rounded = (values: Readonly<Record<string, number>>): Record<string, number> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, Number(value.toPrecision(4))]));

/** Prints a table for people and, as the last line, one of JSON. */
export function report(bench: string, { ratios, medians }: BenchResult): void {
  const width = Math.max(...[...Object.keys(ratios), ...Object.keys(medians)].map(({ length }) => length));
  for (const [name, value] of Object.entries({ ...rounded(medians), ...rounded(ratios) })) {
    console.log(`${name.padEnd(width)}  ${String(value).padStart(10)}`);
  }
  console.log(JSON.stringify({ bench, ratios: rounded(ratios), medians: rounded(medians) }));
}
