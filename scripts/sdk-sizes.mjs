// Weighs the built sdk: gzipped bytes of the single script and of each module with the chunks it needs, against a
// budget each. Packages that npm installs beside the sdk are in the script, not in the modules.
//
//   node scripts/sdk-sizes.mjs           print
//   node scripts/sdk-sizes.mjs --check   exit 1 when something is over its budget
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { parseAst } from 'rollup/parseAst';

const DIST = fileURLToPath(new URL('../sdk/dist/', import.meta.url));

/**
 * Budgets in kB (1000 bytes), gzipped. The script is what a page without a bundler loads. Of its 160 kB Chart.js is 50,
 * query-core 10, Lit and what belongs to it 11, the parser of event streams 2; the rest is ours: client and live
 * connection, seven tags with the choices and alerts of boards, themes, formats and two languages.
 */
const BUDGETS_KB = {
  'lumina.iife.js': 160,
  'define/all.js': 120,
  'define/lumina-widget.js': 93,
  'client/index.js': 29,
};

/** Files a module loads before it runs, itself included. */
function closureOf(file, seen = new Set()) {
  if (seen.has(file)) return seen;
  seen.add(file);
  const { body } = parseAst(readFileSync(path.join(DIST, file), 'utf8'));
  for (const { source } of body) {
    const specifier = source?.value ?? '';
    if (specifier.startsWith('.')) closureOf(path.posix.join(path.posix.dirname(file), specifier), seen);
  }
  return seen;
}

function gzippedBytes(files) {
  // One by one, as they are sent.
  return files.reduce((sum, file) => sum + gzipSync(readFileSync(path.join(DIST, file)), { level: 9 }).length, 0);
}

const modules = globSync('{*.js,{client,define,testing}/*.js}', { cwd: DIST }).sort();
const rows = modules.map((file) => {
  const files = file === 'lumina.iife.js' ? [file] : [...closureOf(file)];
  return { file, kB: gzippedBytes(files) / 1000, budgetKb: BUDGETS_KB[file] };
});

for (const { file, kB, budgetKb } of rows) {
  const budget = budgetKb === undefined ? '' : `  of ${budgetKb}`;
  console.log(`${file.padEnd(28)} ${kB.toFixed(1).padStart(6)} kB gzipped${budget}`);
}
const missing = Object.keys(BUDGETS_KB).filter((file) => !modules.includes(file));
const over = rows.filter(({ kB, budgetKb }) => budgetKb !== undefined && kB > budgetKb);
if (process.argv.includes('--check') && (over.length > 0 || missing.length > 0)) {
  for (const file of missing) console.error(`${file} was not built.`);
  for (const { file } of over) console.error(`${file} is over its budget: make it smaller, or say why it may grow.`);
  process.exitCode = 1;
}
