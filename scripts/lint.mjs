// `npm run lint` and `npm run typecheck`: runs static checks, all of them even after a failure, and says the result in
// its last line.
import { LINTS, TYPECHECK } from './checks.mjs';
import { ensureInstalled, run } from './prepare.mjs';

const checks = process.argv[2] === 'types' ? [TYPECHECK] : LINTS;

await ensureInstalled();
const failed = [];
for (const { name, command, args } of checks) {
  const { code } = await run(command, args);
  if (code !== 0) failed.push(name);
}
process.stdout.write(failed.length === 0 ? 'Nothing to complain about.\n' : `Failed: ${failed.join(', ')}.\n`);
process.exitCode = failed.length === 0 ? 0 : 1;
