import { comparisonReport } from './compare.ts';
import { parseVerifyOptions, VerifyUsageError } from './options.ts';
import { verify } from './run.ts';

/** Runs a verification and says in its last line whether everything stored equals the truth. */
async function main(): Promise<boolean> {
  const options = parseVerifyOptions(process.argv.slice(2));
  const { events, kills, comparison } = await verify(options, (line) => {
    console.log(line);
  });
  console.log(comparisonReport(comparison));
  const shortfalls = [
    ...(events < options.events ? [`${String(events)} events instead of ${String(options.events)}`] : []),
    ...(kills < options.kills ? [`${String(kills)} kills instead of ${String(options.kills)}`] : []),
    ...(comparison.equal === 0 ? ['nothing was compared'] : []),
  ];
  for (const shortfall of shortfalls) console.log(`verify: failed, ${shortfall}`);
  console.log(
    `verify: ${String(comparison.equal)} cells equal, ${String(comparison.unequal.length)} unequal, ` +
      `${String(events)} events, ${String(kills)} kills`,
  );
  return comparison.unequal.length === 0 && shortfalls.length === 0;
}

try {
  if (!(await main())) process.exitCode = 1;
} catch (error) {
  console.error(error instanceof VerifyUsageError ? error.message : error);
  process.exitCode = error instanceof VerifyUsageError ? 2 : 1;
}
