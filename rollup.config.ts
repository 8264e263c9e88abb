import { fileURLToPath } from 'node:url';

import nodeResolve from '@rollup/plugin-node-resolve';
import replace from '@rollup/plugin-replace';
import type { RollupOptions } from 'rollup';
import esbuild from 'rollup-plugin-esbuild';

const sdk = fileURLToPath(new URL('./sdk/', import.meta.url));

/** Entries of the package; each becomes a file of the same path under `dist`. */
const entries = {
  index: `${sdk}src/index.ts`,
  'client/index': `${sdk}src/client/index.ts`,
  'define/all': `${sdk}src/define/all.ts`,
  'testing/index': `${sdk}src/testing/index.ts`,
};

// Lit and query-core ship a development build under other conditions, and query-core reads NODE_ENV in the page.
const plugins = [
  nodeResolve({ browser: true, exportConditions: ['production'], extensions: ['.ts', '.mjs', '.js'] }),
  replace({ preventAssignment: true, values: { 'process.env.NODE_ENV': JSON.stringify('production') } }),
  esbuild({ target: 'es2022', tsconfig: `${sdk}tsconfig.wtr.json`, minify: true, legalComments: 'none' }),
];

/** Modules for bundlers: what npm installs beside the sdk stays outside; the workspace's own contracts go in. */
const modules: RollupOptions = {
  input: entries,
  external: [/^lit(\/|$)/u, /^@lit\//u, /^chart\.js/u, /^@tanstack\//u],
  plugins,
  output: {
    dir: `${sdk}dist`,
    format: 'es',
    entryFileNames: '[name].js',
    chunkFileNames: 'chunks/[name]-[hash].js',
    sourcemap: true,
  },
};

/** One script with everything in it, for pages without a bundler. */
const script: RollupOptions = {
  input: `${sdk}src/iife.ts`,
  plugins,
  output: { file: `${sdk}dist/lumina.iife.js`, format: 'iife', name: 'Lumina', sourcemap: true },
};

export default [modules, script];
