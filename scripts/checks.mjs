// The checks that need no running code: one list for `npm run lint`, `npm run typecheck` and `npm test`.

/** Each check is a tool of node_modules/.bin, or a script, with its arguments. */
export const TYPECHECK = { name: 'types', command: 'tsc', args: ['-b'] };

/** In the order of what fails fastest. Some look at the built sdk. */
export const LINTS = [
  { name: 'formatting', command: 'prettier', args: ['--check', '--log-level=warn', '.'] },
  { name: 'project references', command: 'node', args: ['scripts/references.mjs', '--check'] },
  { name: 'configuration page', command: 'node', args: ['scripts/configuration-docs.mjs', '--check'] },
  { name: 'permission page', command: 'node', args: ['scripts/permission-docs.mjs', '--check'] },
  { name: 'source pages', command: 'node', args: ['scripts/source-docs.mjs', '--check'] },
  { name: 'support tables', command: 'node', args: ['scripts/timestream-support.mjs', '--check'] },
  { name: 'tag descriptions', command: 'node', args: ['scripts/elements-manifest.mjs', '--check'] },
  { name: 'bundle sizes', command: 'node', args: ['scripts/sdk-sizes.mjs', '--check'] },
  { name: 'unused code', command: 'knip', args: ['--treat-config-hints-as-errors'] },
  {
    name: 'import direction',
    command: 'depcruise',
    args: ['contracts', 'sdk', 'bff', 'ingest', 'local', 'examples', 'storybook', 'bench', '--output-type', 'err'],
  },
  { name: 'templates', command: 'node', args: ['scripts/check-templates.mjs'] },
  { name: 'packages', command: 'node', args: ['scripts/check-package.mjs'] },
  { name: 'eslint', command: 'eslint', args: ['.', '--max-warnings', '0'] },
];
