#!/usr/bin/env node
// Starts the server: the built one of the published package, or the sources of a checkout, which need no build but a Node
// that runs TypeScript. Where this one does not, the checkout has another as a dependency.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const source = new URL('../src/main.ts', import.meta.url);
const built = new URL('../dist/main.js', import.meta.url);

const PARENT_CHECK_MS = 250;

function runWithOtherNode() {
  const manifest = createRequire(import.meta.url).resolve('node/package.json');
  const node = join(dirname(manifest), 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  // The channel lets the server end when this process is killed.
  const child = spawn(node, [fileURLToPath(source), ...process.argv.slice(2)], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.once('error', (error) => {
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  });
  child.once('exit', (code) => {
    process.exit(code ?? 1);
  });
}

/** npx passes a signal on to a shell, which ends and passes nothing on: without its parent the server ends by itself. */
function endWithNpx() {
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) process.kill(process.pid, 'SIGTERM');
  }, PARENT_CHECK_MS).unref();
}

if (process.env.npm_command === 'exec') endWithNpx();
if (!existsSync(source)) await import(built.href);
else if (process.features.typescript) await import(source.href);
else runWithOtherNode();
