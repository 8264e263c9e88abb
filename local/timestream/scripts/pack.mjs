// Packs the server as it is published: built JavaScript with types. The workspace's own package.json runs from the
// sources, so that this repository needs no build; the published one names what is built.
//
//   node scripts/pack.mjs <folder>    packs from a copy, writes the tarball there and prints its path
//   npm pack                          the same in place: `publish` before it, `restore` after it
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const PACKAGE = fileURLToPath(new URL('..', import.meta.url));
const MANIFEST = path.join(PACKAGE, 'package.json');
/** Where the workspace's own manifest waits while the published one is in its place. */
const SAVED = path.join(PACKAGE, '.tsbuild/package.json');
const COPIED = ['bin', 'README.md', 'LICENSE'];

/** Compiles the sources, without their tests, into a folder. */
function build(outDir) {
  rmSync(outDir, { recursive: true, force: true });
  const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
  execFileSync(process.execPath, [tsc, '-p', path.join(PACKAGE, 'tsconfig.build.json'), '--outDir', outDir], {
    stdio: ['ignore', 2, 2],
  });
}

/** The published package.json. */
function publishedManifest(workspace) {
  const { private: _, devDependencies: __, scripts: ___, ...kept } = workspace;
  return {
    ...kept,
    exports: {
      '.': { types: './dist/index.d.ts', default: './dist/index.js' },
      './package.json': './package.json',
    },
  };
}

const publishedText = (text) => `${JSON.stringify(publishedManifest(JSON.parse(text)), null, 2)}\n`;

/** An interrupted run leaves the published manifest behind. */
function restore() {
  if (!existsSync(SAVED)) return;
  cpSync(SAVED, MANIFEST);
  rmSync(SAVED);
}

function publish() {
  restore();
  build(path.join(PACKAGE, 'dist'));
  const text = readFileSync(MANIFEST, 'utf8');
  mkdirSync(path.dirname(SAVED), { recursive: true });
  writeFileSync(SAVED, text);
  writeFileSync(MANIFEST, publishedText(text));
}

/** The npm that runs this script, else the one on the path. */
function npm(args, options) {
  const cli = process.env.npm_execpath;
  return cli !== undefined && /\.c?js$/.test(cli)
    ? execFileSync(process.execPath, [cli, ...args], options)
    : execFileSync(process.platform === 'win32' ? 'npm.cmd' : 'npm', args, options);
}

/** Packs from a copy, which leaves the workspace alone; answers the tarball's path. */
function packTo(folder) {
  const stage = mkdtempSync(path.join(tmpdir(), 'timestream-local-pack-'));
  try {
    for (const name of COPIED) cpSync(path.join(PACKAGE, name), path.join(stage, name), { recursive: true });
    build(path.join(stage, 'dist'));
    writeFileSync(path.join(stage, 'package.json'), publishedText(readFileSync(MANIFEST, 'utf8')));
    const output = npm(['pack', '--silent', '--pack-destination', path.resolve(folder)], {
      cwd: stage,
      encoding: 'utf8',
    });
    return path.join(path.resolve(folder), output.trim().split('\n').at(-1));
  } finally {
    rmSync(stage, { recursive: true, force: true });
  }
}

const [task = '.'] = process.argv.slice(2);
if (task === 'publish') publish();
else if (task === 'restore') restore();
else process.stdout.write(`${packTo(task)}\n`);
