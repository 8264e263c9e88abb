// Writes the project references of every tsconfig from the workspace dependencies in the package.json files, so that the
// build order and the import fence (an unreferenced package is not resolved) have one source.
//
//   node scripts/references.mjs           rewrite
//   node scripts/references.mjs --check   exit 1 when a file is out of date
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';

const root = fileURLToPath(new URL('..', import.meta.url));

const readJson = (file) => JSON.parse(readFileSync(path.join(root, file), 'utf8'));

/** Every workspace by package name: its folder and its package.json. */
function readWorkspaces() {
  const folders = readJson('package.json').workspaces.flatMap((pattern) => globSync(pattern, { cwd: root }));
  return new Map(
    folders
      .filter((folder) => existsSync(path.join(root, folder, 'package.json')))
      .sort()
      .map((folder) => {
        const manifest = readJson(path.join(folder, 'package.json'));
        return [manifest.name, { folder, manifest }];
      }),
  );
}

/** A workspace with other ambient types in its tests has two projects, `tsconfig.src.json` and `tsconfig.test.json`. */
const isSplit = (folder) => existsSync(path.join(root, folder, 'tsconfig.src.json'));

/** The project that others reference: what the package ships, without its tests. */
const shippedProject = (folder) => (isSplit(folder) ? path.join(folder, 'tsconfig.src.json') : folder);

function relativeTo(folder, project) {
  const relative = path.relative(folder, project).split(path.sep).join('/');
  return relative.startsWith('.') ? relative : `./${relative}`;
}

/** The references of every tsconfig of one workspace, by file. */
function referencesOf({ folder, manifest }, workspaces) {
  const projectsOf = (names) =>
    Object.keys(names ?? {})
      .filter((name) => workspaces.has(name))
      .sort()
      .map((name) => relativeTo(folder, shippedProject(workspaces.get(name).folder)));
  const runtime = projectsOf(manifest.dependencies);
  const development = projectsOf(manifest.devDependencies);
  if (!isSplit(folder)) return [[path.join(folder, 'tsconfig.json'), [...runtime, ...development]]];
  const hasTests = existsSync(path.join(root, folder, 'tsconfig.test.json'));
  const own = ['./tsconfig.src.json'];
  return [
    [path.join(folder, 'tsconfig.src.json'), runtime],
    ...(hasTests ? [[path.join(folder, 'tsconfig.test.json'), [...own, ...runtime, ...development]]] : []),
    [path.join(folder, 'tsconfig.json'), hasTests ? [...own, './tsconfig.test.json'] : own],
  ];
}

async function main() {
  const check = process.argv.includes('--check');
  const workspaces = readWorkspaces();
  const folders = [...workspaces.values()].map(({ folder }) => `./${folder}`);
  const wanted = [
    ['tsconfig.json', [...folders, './tsconfig.tools.json']],
    ...[...workspaces.values()].flatMap((workspace) => referencesOf(workspace, workspaces)),
  ];

  const stale = [];
  for (const [file, projects] of wanted) {
    const { references: _, ...rest } = readJson(file);
    const config = { ...rest, references: projects.map((project) => ({ path: project })) };
    if (projects.length === 0) delete config.references;
    const absolute = path.join(root, file);
    const options = await resolveConfig(absolute);
    const text = await format(JSON.stringify(config), { ...options, parser: 'json' });
    if (text === readFileSync(absolute, 'utf8')) continue;
    stale.push(file);
    if (!check) writeFileSync(absolute, text);
  }

  if (check && stale.length > 0) {
    console.error(`Out of date: ${stale.join(', ')}. Run \`npm run references\` and commit the result.`);
    process.exitCode = 1;
  } else {
    console.log(`${wanted.length} tsconfig files ${check ? 'checked' : `read, ${stale.length} rewritten`}`);
  }
}

await main();
