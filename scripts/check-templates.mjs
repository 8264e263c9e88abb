// lit-analyzer over the templates of everything that has any: tags, attributes, properties and their types. Its strict
// rules, without one message that is wrong, and no rule off that would find something.
import { run } from './prepare.mjs';

const SOURCES = ['sdk/src/**/!(*.test).ts', 'examples/*/src/**/!(*.test).ts'];

const RULES_OFF = [
  // Only define/ registers tags, so a template never imports the ones it uses.
  'no-missing-import',
  // Knows no converters.
  'no-incompatible-property-type',
  // Knows no container queries.
  'no-invalid-css',
];

/** `element.style = 'left: 1px'` sets the text of the declaration: the setter's type is not the getter's. */
const WRONG = /^Type '(string|`.*`|".*")' is not assignable to 'CSSStyleDeclaration'$/;

const PROBLEM =
  /^\| (?<line>\d+)\s*\| (?<column>\d+)\s*\| `(?<severity>\w+)`\s*\| (?<rule>[\w-]+)\s*\| (?<message>.*?)\s*\|$/;

function problemsOf(output) {
  let file = '';
  return output.split('\n').flatMap((text) => {
    file = /^## (\S+\.ts)$/.exec(text)?.[1] ?? file;
    const problem = PROBLEM.exec(text)?.groups;
    return problem === undefined || WRONG.test(problem.message) ? [] : [{ file, ...problem }];
  });
}

const rules = RULES_OFF.flatMap((rule) => [`--rules.${rule}`, 'off']);
const { output } = await run('lit-analyzer', [...SOURCES, '--strict', '--format', 'markdown', '--noColor', ...rules], {
  capture: true,
});
const analysed = Number(/^Analyzing (\d+) files/m.exec(output)?.[1] ?? 0);
const problems = problemsOf(output);
for (const { file, line, column, rule, message } of problems)
  console.log(`${file}:${line}:${column} ${message} (${rule})`);
if (analysed === 0) console.log(output);
console.log(`${analysed} files, ${problems.length} problems`);
process.exitCode = analysed > 0 && problems.length === 0 ? 0 : 1;
