import { existsSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import nodeResolve from '@rollup/plugin-node-resolve';
import replace from '@rollup/plugin-replace';
import type { Plugin, RollupOptions } from 'rollup';
import dts from 'rollup-plugin-dts';
import esbuild from 'rollup-plugin-esbuild';
import license from 'rollup-plugin-license';

import { contractTypes, definitionTypes } from './scripts/rollup/declarations.ts';
import { refuseModules } from './scripts/rollup/refuse-modules.ts';

const contracts = fileURLToPath(new URL('./contracts/', import.meta.url));
const sdk = fileURLToPath(new URL('./sdk/', import.meta.url));
const dist = `${sdk}dist`;

const manifest = JSON.parse(readFileSync(`${sdk}package.json`, 'utf8')) as { dependencies: Record<string, string> };

/** Modules of the package that are not a tag; each becomes a file of the same path under `dist`. */
const MODULES = ['index', 'client/index', 'testing/index'];

/** One module per tag and one for all of them: what a page imports to have the tags. */
const definitions = readdirSync(`${sdk}src/define`)
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts') && file !== 'define.ts')
  .map((file) => `define/${file.slice(0, -'.ts'.length)}`);

const entriesIn = (folder: string, names: readonly string[], extension: string): Record<string, string> =>
  Object.fromEntries(names.map((name) => [name, `${folder}${name}${extension}`]));

/**
 * What npm installs beside the sdk stays outside its modules. Two packages go in: the workspace's own contracts, and
 * query-core, which reads NODE_ENV and so fails in a page that has no bundler.
 */
const BUNDLED = ['@lumina/contracts', '@tanstack/query-core'];
const external = Object.keys(manifest.dependencies)
  .filter((name) => !BUNDLED.includes(name))
  .map((name) => new RegExp(`^${name}(/|$)`, 'u'));

/** Files of an earlier build would be published with this one. */
const clean: Plugin = {
  name: 'clean',
  buildStart() {
    if (existsSync(dist)) rmSync(dist, { recursive: true });
  },
};

// Lit and query-core ship a development build under other conditions, and query-core reads NODE_ENV in the page.
const plugins = [
  nodeResolve({ browser: true, exportConditions: ['production'], extensions: ['.ts', '.mjs', '.js'] }),
  replace({ preventAssignment: true, values: { 'process.env.NODE_ENV': JSON.stringify('production') } }),
  esbuild({ target: 'es2022', tsconfig: `${sdk}tsconfig.wtr.json`, minify: true, legalComments: 'none' }),
  refuseModules({
    typebox: /\/(typebox|@sinclair\/typebox)\/|\/contracts\/src\/schemas\//u,
    auth0: /\/@auth0\//u,
    'a development build': /\/(lit|lit-html|lit-element|@lit\/[^/]+)\/(node\/)?development\//u,
  }),
];

/** Modules for bundlers and import maps. */
const modules: RollupOptions = {
  input: entriesIn(`${sdk}src/`, [...MODULES, ...definitions], '.ts'),
  external,
  plugins: [clean, ...plugins],
  output: {
    dir: dist,
    format: 'es',
    entryFileNames: '[name].js',
    chunkFileNames: 'chunks/[name]-[hash].js',
    sourcemap: true,
  },
};

/** One script with everything in it, for pages without a bundler. */
const script: RollupOptions = {
  input: `${sdk}src/iife.ts`,
  // The licences of what is in the file ask to be told with it.
  plugins: [...plugins, license({ thirdParty: { output: `${dist}/THIRD-PARTY-LICENSES.txt` } })],
  // Reading `TimeScale.defaults` would keep a scale of Chart.js that nobody registers.
  treeshake: { propertyReadSideEffects: false },
  output: {
    file: `${dist}/lumina.iife.js`,
    format: 'iife',
    name: 'Lumina',
    // Where there is no page (server-side rendering, a test in Node) there is nothing to define.
    intro: "if (typeof customElements === 'undefined') return exports;",
    // A sandbox such as Lightning Web Security runs scripts in a scope of their own, which keeps the variable.
    footer: 'globalThis.Lumina = Lumina;',
    sourcemap: true,
  },
};

/** Declarations beside the modules, with the types of contracts in them; `tsc -b` has written what they are made of. */
const declarations: RollupOptions = {
  input: entriesIn(`${sdk}.tsbuild/src/`, MODULES, '.d.ts'),
  external,
  plugins: [contractTypes(contracts), definitionTypes(definitions), dts()],
  onwarn(warning) {
    // A public signature names a type that nobody can import: export it.
    throw new Error(warning.message);
  },
  output: { dir: dist, format: 'es', entryFileNames: '[name].d.ts', chunkFileNames: 'chunks/[name]-[hash].d.ts' },
};

export default [modules, script, declarations];
