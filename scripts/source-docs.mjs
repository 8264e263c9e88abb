// Writes the schemas and the generated blocks of docs/sources/: what becomes of an example is what the code makes of it.
//
//   node scripts/source-docs.mjs           rewrite
//   node scripts/source-docs.mjs --check   exit 1 when something is out of date
import { existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { filled } from './source-docs/pages.mjs';
import { schemaFiles } from './source-docs/schemas.mjs';

const FOLDER = fileURLToPath(new URL('../docs/sources/', import.meta.url));
const isCheck = process.argv.includes('--check');
const outdated = [];

function update(file, text) {
  const whole = path.join(FOLDER, file);
  if (existsSync(whole) && readFileSync(whole, 'utf8') === text) return;
  outdated.push(file);
  if (isCheck) return;
  mkdirSync(path.dirname(whole), { recursive: true });
  writeFileSync(whole, text);
}

const options = await resolveConfig(path.join(FOLDER, 'README.md'));
const schemas = schemaFiles();
for (const [file, schema] of Object.entries(schemas)) {
  update(`schemas/${file}`, await format(JSON.stringify(schema), { ...options, parser: 'json' }));
}
for (const file of globSync('schemas/*.json', { cwd: FOLDER })) {
  if (path.basename(file) in schemas) continue;
  outdated.push(file);
  if (!isCheck) rmSync(path.join(FOLDER, file));
}
for (const file of globSync('*.md', { cwd: FOLDER })) {
  const page = readFileSync(path.join(FOLDER, file), 'utf8');
  update(file, await format(filled(page), { ...options, parser: 'markdown' }));
}
if (outdated.length === 0) console.log('docs/sources is up to date');
else if (!isCheck) console.log(`docs/sources written: ${outdated.join(', ')}`);
else {
  console.error(
    `Out of date in docs/sources: ${outdated.join(', ')}. Run \`npm run docs:sources\` and commit the result.`,
  );
  process.exitCode = 1;
}
