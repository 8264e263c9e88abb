// `npm start`: installs and builds what is missing, then starts the whole local system with the Node of this
// repository. The runner has an IPC channel to this process and ends when it closes, even if this process is killed.
import { spawn } from 'node:child_process';
import path from 'node:path';
import { NODE, ROOT, ensurePageBuilt, ensureInstalled, toolEnvironment } from './prepare.mjs';

await ensureInstalled();
await ensurePageBuilt();

const runner = spawn(NODE, [path.join(ROOT, 'local/stack/src/main.ts'), ...process.argv.slice(2)], {
  cwd: ROOT,
  env: toolEnvironment(),
  stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => runner.kill(signal));
runner.once('error', (error) => {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
});
runner.once('exit', (code) => {
  process.exit(code ?? 1);
});
