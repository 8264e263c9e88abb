// Runs a script of a workspace, after installing and building what is missing:
//
//   node scripts/run-workspace.mjs <workspace> <script> [arguments]
import { ensureInstalled, ensureSdkBuilt, npm } from './prepare.mjs';

const [workspace = '', script = '', ...args] = process.argv.slice(2);
await ensureInstalled();
await ensureSdkBuilt();
const { code } = await npm(['run', script, '--workspace', workspace, '--', ...args], { stdio: 'inherit' });
process.exit(code);
