// Checks the packed packages as their users get them: publint on what they say about themselves, and "are the types
// wrong" on what TypeScript makes of them. Needs a built sdk.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { NODE, run } from './prepare.mjs';
import { packSdk } from './pack-sdk.mjs';

async function packTimestreamLocal(folder) {
  const { code, output } = await run(NODE, ['local/timestream/scripts/pack.mjs', folder], { capture: true });
  if (code !== 0) throw new Error(`timestream-local cannot be packed: ${output}`);
  return output.trim().split('\n').at(-1);
}

const folder = mkdtempSync(path.join(tmpdir(), 'lumina-package-'));
try {
  const packages = [
    // A script for pages and a description of tags have no types.
    [await packSdk(folder), ['--exclude-entrypoints', './lumina.iife.js', './custom-elements.json']],
    [await packTimestreamLocal(folder), []],
  ];
  for (const [tarball, exceptions] of packages) {
    const checks = [
      ['publint', ['run', tarball, '--strict']],
      ['attw', [tarball, '--profile', 'esm-only', '--format', 'ascii', '--no-emoji', '--no-color', ...exceptions]],
    ];
    for (const [command, args] of checks) {
      const { code, output } = await run(command, args, { capture: true });
      if (code === 0) continue;
      process.stdout.write(output);
      process.exitCode = 1;
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
