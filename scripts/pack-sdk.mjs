// Packs the sdk as it is published. The workspace's own package.json is for working in this repository: it takes types
// from the sources and depends on the contracts, which are bundled into what is published. The packed one says what a
// stranger needs. The workspace itself is private, so that it cannot be published by mistake.
//
//   node scripts/pack-sdk.mjs [folder]   writes the tarball there (here by default) and prints its path
import { cpSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseAst } from 'rollup/parseAst';
import { ROOT, ensureInstalled, ensureSdkBuilt, npm } from './prepare.mjs';

const SDK = path.join(ROOT, 'sdk');

/** `./src/client/index.ts`, the type of a module, is `./dist/client/index.d.ts` once built. */
const builtTypes = (source) => source.replace(/^\.\/src\/(.*)\.ts$/, './dist/$1.d.ts');

function publishedExport(target) {
  if (typeof target !== 'object' || target === null) return target;
  const { source: _, types, ...rest } = target;
  return { types: builtTypes(types), ...rest };
}

/** What a module or a declaration file imports. */
function specifiersOf(file) {
  const text = readFileSync(path.join(SDK, file), 'utf8');
  if (file.endsWith('.d.ts'))
    return [...text.matchAll(/(?:\bfrom |\bimport\(|^import )["']([^"']+)["']/gm)].map(([, name]) => name);
  return parseAst(text).body.flatMap(({ source }) => source?.value ?? []);
}

/** The packages that the built modules and their declarations import; the others are in them. */
function importedPackages() {
  const files = globSync('dist/{*,{client,define,testing,chunks}/*}.{js,d.ts}', { cwd: SDK });
  const outside = files.flatMap(specifiersOf).filter((name) => !name.startsWith('.'));
  return new Set(outside.map((name) => /^(@[^/]+\/)?[^/]+/.exec(name)[0]));
}

/** The package.json of the published package. */
function publishedManifest(workspace) {
  const { private: _, devDependencies: __, scripts: ___, ...kept } = workspace;
  const imported = importedPackages();
  const dependencies = Object.entries(kept.dependencies).filter(([name]) => imported.has(name));
  if (dependencies.length < imported.size) {
    const missing = [...imported].filter((name) => !(name in kept.dependencies));
    throw new Error(`The built sdk imports ${missing.join(', ')}, which sdk/package.json does not depend on.`);
  }
  const exports = Object.entries(kept.exports).map(([subpath, target]) => [subpath, publishedExport(target)]);
  return {
    ...kept,
    types: builtTypes(kept.types),
    exports: Object.fromEntries(exports),
    sideEffects: kept.sideEffects.filter((file) => file.startsWith('./dist/')),
    // Pinned here, so that we know what we test; a range there, so that a host's own Lit can be the same one.
    dependencies: Object.fromEntries(dependencies.map(([name, version]) => [name, `^${version}`])),
  };
}

/** Lays the published package out in a folder. */
function stageSdk(folder) {
  const manifest = JSON.parse(readFileSync(path.join(SDK, 'package.json'), 'utf8'));
  mkdirSync(folder, { recursive: true });
  cpSync(path.join(SDK, 'dist'), path.join(folder, 'dist'), {
    recursive: true,
    filter: (file) => !path.basename(file).startsWith('.'),
  });
  for (const [from, to] of [
    ['sdk/README.md', 'README.md'],
    ['LICENSE', 'LICENSE'],
  ]) {
    cpSync(path.join(ROOT, from), path.join(folder, to));
  }
  writeFileSync(path.join(folder, 'package.json'), `${JSON.stringify(publishedManifest(manifest), null, 2)}\n`);
}

/** Packs the built sdk into a folder and answers the tarball's path. */
export async function packSdk(folder) {
  const stage = mkdtempSync(path.join(tmpdir(), 'lumina-pack-'));
  try {
    stageSdk(stage);
    const { code, output } = await npm(['pack', '--silent', '--pack-destination', path.resolve(folder)], {
      cwd: stage,
      capture: true,
    });
    if (code !== 0) throw new Error(`npm pack failed with code ${code}: ${output}`);
    return path.join(path.resolve(folder), output.trim().split('\n').at(-1));
  } finally {
    rmSync(stage, { recursive: true, force: true });
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await ensureInstalled();
  await ensureSdkBuilt();
  process.stdout.write(`${await packSdk(process.argv[2] ?? '.')}\n`);
}
