// `npm run build:lambda`: installs what is missing and bundles ingestion's function into one file, `index.mjs`, whose
// handler is `index.handler`.
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROOT, ensureInstalled } from './prepare.mjs';

/** Some dependencies are CommonJS inside and ask for Node's modules by `require`. */
const REQUIRE = "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";

/** Bundles the function into a folder; returns the file. */
export async function buildLambda(folder) {
  const { build } = await import('esbuild');
  const outfile = path.join(folder, 'index.mjs');
  await build({
    entryPoints: [path.join(ROOT, 'ingest/src/hosts/lambda.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    minify: true,
    sourcemap: true,
    banner: { js: REQUIRE },
    logLevel: 'warning',
  });
  return outfile;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await ensureInstalled();
  const file = await buildLambda(path.join(ROOT, 'ingest/dist/lambda'));
  process.stdout.write(`The function is in ${path.relative(ROOT, file)}; its handler is index.handler.\n`);
}
