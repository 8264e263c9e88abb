// `npm run lint` and `npm run typecheck`: runs static checks, all of them even after a failure, prints the time of each,
// and says the result in its last line.
//
//   npm run lint                everything
//   npm run lint -- templates   the checks whose name begins so
import { LINTS, TYPECHECK } from './checks.mjs';
import { ensureInstalled, ensureSdkBuilt, run } from './prepare.mjs';

const wanted = process.argv.slice(2);
const checks =
  wanted.length === 0
    ? LINTS
    : [TYPECHECK, ...LINTS].filter(({ name }) => wanted.some((word) => name.startsWith(word)));

await ensureInstalled();
if (checks.some(({ name }) => name !== TYPECHECK.name)) await ensureSdkBuilt();
const failed = checks.length === 0 ? [`no check is called ${wanted.join(' ')}`] : [];
for (const { name, command, args } of checks) {
  const startedMs = Date.now();
  const { code } = await run(command, args);
  const seconds = ((Date.now() - startedMs) / 1000).toFixed(1);
  process.stdout.write(`${code === 0 ? '✔' : '✖'} ${name.padEnd(20)} ${seconds.padStart(6)} s\n`);
  if (code !== 0) failed.push(name);
}
process.stdout.write(failed.length === 0 ? 'Nothing to complain about.\n' : `Failed: ${failed.join(', ')}.\n`);
process.exitCode = failed.length === 0 ? 0 : 1;
