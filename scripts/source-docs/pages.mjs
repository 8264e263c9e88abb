// Fills the generated blocks of the pages in docs/sources/: everything between `<!-- <kind>: <name> -->` and
// `<!-- end -->`. What stands around them is written by hand.
import { becomes, readExample } from './examples.mjs';
import { kebab, schemaFiles } from './schemas.mjs';

const BLOCK = /<!-- (event|kept|fields|headers): ?([\w/-]*) -->[\s\S]*?<!-- end -->/g;

const schemas = schemaFiles();
const json = (value) => `\`\`\`json\n${JSON.stringify(value, null, 2)}\n\`\`\``;
/** Without line breaks, so that the formatter keeps together what fits on a line. */
const compactJson = (value) => `\`\`\`json\n${JSON.stringify(value)}\n\`\`\``;
const code = (text) => `\`${String(text).replaceAll('|', '\\|')}\``;
const table = (head, rows) =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

function outcomeOf({ types, facts, changes }) {
  const what = types.length === 0 ? 'No event' : `\`${types.join('`, `')}\``;
  const parts = [`It is read as ${what} and becomes`];
  if (facts.length > 0) parts.push(compactJson(facts));
  if (changes.length > 0)
    parts.push(`${facts.length > 0 ? 'and ' : ''}a change of the directory:`, compactJson(changes));
  if (facts.length + changes.length === 0) parts.push('no fact.');
  return parts.join('\n\n');
}

const sentLink = (name) => `[${name}.json](examples/${name}.json)`;

/** How a field can be filled, in words. */
function kindOf(field) {
  if (field.const !== undefined) return code(JSON.stringify(field.const));
  if (field.enum !== undefined) return field.enum.map((value) => code(value)).join(', ');
  if (field.anyOf !== undefined) return field.anyOf.map(kindOf).join(' or ');
  if (field.type === 'array') return `list of ${kindOf(field.items)}`;
  if (field.type === 'object') {
    const names = Object.keys(field.properties ?? {});
    return names.length === 0 ? 'object' : `{ ${names.map(code).join(', ')} }`;
  }
  if (field.type === 'string' && field.pattern?.startsWith('^\\d{4}')) return 'instant';
  if (field.type === 'string' && field.pattern !== undefined) return 'decimal text';
  return { integer: 'whole number', number: 'number', string: 'text', boolean: 'true or false', null: 'null' }[
    field.type
  ];
}

const ENVELOPE = new Set(['v', 'id', 'type', 'source', 'time', 'territoryId', 'regionId', 'rev', 'void']);

/** The fields of a type; those of every envelope are listed once, in the overview. */
function fieldsTable(name) {
  const file = name === 'envelope' ? 'call-start.json' : `${kebab(name)}.json`;
  const { properties, required } = schemas[file];
  const rows = Object.entries(properties)
    .filter(([field]) => (name === 'envelope' ? ENVELOPE.has(field) : !ENVELOPE.has(field) || properties.eventType))
    .map(([field, schema]) => {
      const isOpen = name === 'envelope' && (field === 'type' || field === 'source');
      const kind = isOpen ? 'text' : kindOf(schema);
      return [code(field), kind, required.includes(field) ? 'yes' : '', schema.description];
    });
  const fields = table(['Field', 'Holds', 'Required', 'Meaning'], rows);
  return name === 'envelope' ? fields : `${fields}\n\nJSON Schema: [${file}](schemas/${file}).`;
}

const headersTable = () =>
  table(
    ['Header', 'Read for'],
    Object.entries(schemas['freeswitch-event.json'].properties).map(([name, { description }]) => [
      code(name),
      description,
    ]),
  );

const RENDER = {
  event: (name) => {
    const raw = readExample(name);
    return `As sent (${sentLink(name)}):\n\n${json(raw)}\n\n${outcomeOf(becomes(raw))}`;
  },
  kept: (name) => {
    const outcome = becomes(readExample(name));
    return `Of the event as sent (${sentLink(name)}) is kept:\n\n${json(outcome.kept)}\n\n${outcomeOf(outcome)}`;
  },
  fields: fieldsTable,
  headers: headersTable,
};

/** A page with its generated blocks filled anew. */
export function filled(page) {
  return page.replaceAll(BLOCK, (_block, kind, name) => {
    const separator = name === '' ? '' : ` ${name}`;
    return `<!-- ${kind}:${separator} -->\n\n${RENDER[kind](name)}\n\n<!-- end -->`;
  });
}

/** The blocks of a page: what they show, by kind. */
export function blocksOf(page) {
  return [...page.matchAll(BLOCK)].map(([text, kind, name]) => ({ kind, name, text }));
}
