// Runs a command of this repository with its own Node, after installing what is missing:
//
//   node scripts/run-file.mjs <file> [arguments]
import path from 'node:path';
import { NODE, ROOT, ensureInstalled, run } from './prepare.mjs';

const [file = '', ...args] = process.argv.slice(2);
await ensureInstalled();
const { code } = await run(NODE, [path.join(ROOT, file), ...args], { stdio: ['inherit', 'inherit', 'inherit', 'ipc'] });
process.exit(code);
