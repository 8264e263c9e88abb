// The checks that need no running code: one list for `npm run lint`, `npm run typecheck` and `npm test`.

/** Each check is a tool of node_modules/.bin, or a script, with its arguments. */
export const TYPECHECK = { name: 'types', command: 'tsc', args: ['-b'] };

/** In the order of what fails fastest. */
export const LINTS = [
  { name: 'formatting', command: 'prettier', args: ['--check', '--log-level=warn', '.'] },
  { name: 'project references', command: 'node', args: ['scripts/references.mjs', '--check'] },
  { name: 'configuration page', command: 'node', args: ['scripts/configuration-docs.mjs', '--check'] },
  {
    name: 'import direction',
    command: 'depcruise',
    args: ['contracts', 'sdk', 'bff', 'ingest', 'local', 'examples', '--output-type', 'err'],
  },
  { name: 'eslint', command: 'eslint', args: ['.', '--max-warnings', '0'] },
];
