import { parseVerifyOptions, VerifyUsageError } from './options.ts';
import { verifyReport } from './report.ts';
import { verify } from './run.ts';

/** Runs a verification and says in its last line whether everything stored equals the truth. */
async function main(): Promise<boolean> {
  const options = parseVerifyOptions(process.argv.slice(2));
  const result = await verify(options, (line) => {
    console.log(line);
  });
  const { text, isWell } = verifyReport(result, options);
  console.log(text);
  return isWell;
}

try {
  if (!(await main())) process.exitCode = 1;
} catch (error) {
  console.error(error instanceof VerifyUsageError ? error.message : error);
  process.exitCode = error instanceof VerifyUsageError ? 2 : 1;
}
