// `npm run build`: installs what is missing and builds every workspace that has something to build.
import { ensureInstalled, noteBuilt, npm } from './prepare.mjs';

await ensureInstalled();
const { code } = await npm(['run', 'build', '--workspaces', '--if-present']);
if (code === 0) noteBuilt();
process.stdout.write(code === 0 ? 'Built.\n' : 'The build failed.\n');
process.exitCode = code;
