// Checks the packed sdk as its users get it: publint on what it says about itself, and "are the types wrong" on what
// TypeScript makes of it. Needs a built sdk.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { run } from './prepare.mjs';
import { packSdk } from './pack-sdk.mjs';

const folder = mkdtempSync(path.join(tmpdir(), 'lumina-package-'));
try {
  const tarball = await packSdk(folder);
  const checks = [
    ['publint', ['run', tarball, '--strict']],
    [
      'attw',
      [
        tarball,
        ...['--profile', 'esm-only', '--format', 'ascii', '--no-emoji', '--no-color'],
        // A script for pages and a description of tags have no types.
        ...['--exclude-entrypoints', './lumina.iife.js', './custom-elements.json'],
      ],
    ],
  ];
  for (const [command, args] of checks) {
    const { code, output } = await run(command, args, { capture: true });
    if (code === 0) continue;
    process.stdout.write(output);
    process.exitCode = 1;
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
