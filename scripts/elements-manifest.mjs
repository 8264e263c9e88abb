// Describes the tags of the sdk for editors, documentation and Storybook, from their classes' doc comments:
// dist/custom-elements.json and dist/html-custom-data.json. They are built, not committed: a manifest says nothing that
// its sources do not say. What the public cannot read is a fault: every property, event, slot, part and CSS property
// needs a sentence.
//
//   node scripts/elements-manifest.mjs           write them
//   node scripts/elements-manifest.mjs --check   exit 1 when something lacks its description, write nothing
import { globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { create, ts } from '@custom-elements-manifest/analyzer';
import { litPlugin } from '@custom-elements-manifest/analyzer/src/features/framework-plugins/lit/lit.js';

const SDK = fileURLToPath(new URL('../sdk/', import.meta.url));

/** Parts of a class that belong to Lit or to the platform. */
const NOT_PUBLIC = new Set(['styles', 'shadowRootOptions', 'render', 'createRenderRoot']);

const DESCRIBED = [
  ['members', 'property or method'],
  ['attributes', 'attribute'],
  ['events', 'event'],
  ['slots', 'slot'],
  ['cssParts', 'part'],
  ['cssProperties', 'CSS property'],
  ['cssStates', 'CSS state'],
];

const isSource = (file) => !/\.(test|stories|styles)\.ts$/.test(file);

/** Which class each registration file gives which tag. */
function readDefinitions(sdk) {
  const definitions = globSync('src/define/*.ts', { cwd: sdk }).flatMap((file) => {
    const text = readFileSync(path.join(sdk, file), 'utf8');
    return [...text.matchAll(/\bdefine\('([a-z-]+)', (\w+)\)/g)].map(([, tag, className]) => [className, tag]);
  });
  return new Map(definitions);
}

const isPublic = ({ name, privacy, static: isStatic }) =>
  (privacy ?? 'public') === 'public' && !isStatic && !NOT_PUBLIC.has(name) && !/^[#_]/.test(name);

/** The declarations of all tags, private parts left out. */
function readElements(sdk, definitions) {
  const files = globSync('src/components/**/*.ts', { cwd: sdk }).filter(isSource).sort();
  const modules = files.map((file) =>
    ts.createSourceFile(file, readFileSync(path.join(sdk, file), 'utf8'), ts.ScriptTarget.ES2020, true),
  );
  const { modules: analysed } = create({ modules, plugins: litPlugin(), context: { dev: false } });
  return analysed
    .flatMap(({ path: file, declarations }) => declarations.map((declaration) => ({ file, declaration })))
    .filter(({ declaration }) => declaration.kind === 'class' && definitions.has(declaration.name))
    .map(({ file, declaration }) => {
      const tagName = definitions.get(declaration.name);
      const members = (declaration.members ?? []).filter(isPublic);
      return { file, element: { ...declaration, tagName, customElement: true, members } };
    })
    .sort((a, b) => a.element.tagName.localeCompare(b.element.tagName));
}

const lacksText = ({ description, summary }) => ((description ?? summary) || '').trim() === '';

/** The names that a source uses in one place and must document in another. */
function undocumented(text, pattern, documented, what) {
  const names = new Set([...text.matchAll(pattern)].flatMap(([, names]) => names.split(/\s+/)).filter(Boolean));
  const known = new Set((documented ?? []).map(({ name }) => name));
  return [...names].filter((name) => !known.has(name)).map((name) => `${what} ${name} is not in the doc comment`);
}

/** Everything about one tag that its users could not know. */
function faultsOf({ file, element }, sdk) {
  const text = readFileSync(path.join(sdk, file), 'utf8');
  const silent = DESCRIBED.flatMap(([list, what]) =>
    (element[list] ?? [])
      .filter(lacksText)
      .map(({ name, fieldName }) => `${what} ${name ?? fieldName} has no description`),
  );
  const faults = [
    ...(lacksText(element) ? ['the tag has no description'] : []),
    ...silent,
    ...undocumented(text, /\bpart="([^"$]+)"/g, element.cssParts, 'part'),
    ...undocumented(text, /\bemit\(\s*this,\s*'(\w+)'/g, element.events, 'event'),
  ];
  return faults.map((fault) => `sdk/${file}: <${element.tagName}>: ${fault}`);
}

/** The manifest as the published package is laid out: classes in the main module, a module per tag. */
function manifestOf(elements) {
  const main = 'dist/index.js';
  return {
    schemaVersion: '1.0.0',
    readme: '',
    modules: [
      {
        kind: 'javascript-module',
        path: main,
        declarations: elements.map(({ element }) => element),
        exports: elements.map(({ element: { name } }) => ({ kind: 'js', name, declaration: { name, module: main } })),
      },
      ...elements.map(({ element: { name, tagName } }) => ({
        kind: 'javascript-module',
        path: `dist/define/${tagName}.js`,
        declarations: [],
        exports: [{ kind: 'custom-element-definition', name: tagName, declaration: { name, module: main } }],
      })),
    ],
  };
}

const LITERAL = /^'([^']*)'$/;

/** The same for the HTML support of editors (Visual Studio Code's custom data). */
function editorDataOf(elements) {
  const tags = elements.map(({ element }) => ({
    name: element.tagName,
    description: element.description || element.summary,
    attributes: (element.attributes ?? []).map(({ name, fieldName, description, type }) => {
      const values = (type?.text ?? '').split('|').flatMap((text) => LITERAL.exec(text.trim())?.slice(1) ?? []);
      return {
        name: name ?? fieldName,
        description,
        ...(values.length > 0 ? { values: values.map((value) => ({ name: value })) } : {}),
      };
    }),
  }));
  return { version: 1.1, tags };
}

/** Reads the tags of an sdk folder: what describes them, and what its users could not know. */
export function readManifest(sdk = SDK) {
  const elements = readElements(sdk, readDefinitions(sdk));
  return {
    manifest: manifestOf(elements),
    editorData: editorDataOf(elements),
    faults: elements.flatMap((element) => faultsOf(element, sdk)),
  };
}

function main() {
  const { manifest, editorData, faults } = readManifest();
  const tags = editorData.tags.length;
  if (process.argv.includes('--check')) {
    for (const fault of faults) console.error(fault);
    console.log(`${tags} tags described, ${faults.length} descriptions missing`);
    process.exitCode = tags > 0 && faults.length === 0 ? 0 : 1;
    return;
  }
  mkdirSync(path.join(SDK, 'dist'), { recursive: true });
  writeFileSync(path.join(SDK, 'dist/custom-elements.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  writeFileSync(path.join(SDK, 'dist/html-custom-data.json'), `${JSON.stringify(editorData, null, 2)}\n`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) main();
