// The direction of imports: contracts <- sdk | bff | ingest, and the layers inside each. One rule, one sentence of why.

const TEST = '\\.(test|stories)\\.ts$|/testing/|/test-support/';
const SHIPPED = '^(contracts|sdk|bff|ingest)/src/';

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'Modules that need each other are one module, or hide a third.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-unresolvable',
      comment: 'An import that nothing answers hides from every rule below.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'contracts-is-a-leaf',
      comment: 'Everyone depends on contracts, so it depends on TypeBox and on nothing else.',
      severity: 'error',
      from: { path: '^contracts/src/', pathNot: TEST },
      to: { pathNot: '^contracts/src/|^node_modules/typebox/' },
    },
    {
      name: 'contracts-constants-without-schemas',
      comment: 'The browser takes constants and types; TypeBox must not follow them into its bundle.',
      severity: 'error',
      from: { path: '^contracts/src/', pathNot: `^contracts/src/schemas/|${TEST}` },
      to: { path: '^contracts/src/schemas/|^node_modules/typebox/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'peers-never-meet',
      comment: 'sdk, bff and ingest speak over the wire, in the shapes of contracts.',
      severity: 'error',
      from: { path: '^(sdk|bff|ingest)/' },
      to: { path: '^(sdk|bff|ingest)/', pathNot: '^$1/' },
    },
    {
      name: 'what-ships-needs-no-local-cloud',
      comment: 'local/ may import anything; nothing that ships may import local/ or an example. Tests may.',
      severity: 'error',
      from: { path: SHIPPED, pathNot: TEST },
      to: { path: '^(local|examples|storybook|bench|scripts)/' },
    },
    {
      name: 'examples-use-the-published-surface',
      comment: 'An example shows what a stranger can do with @lumina/sdk.',
      severity: 'error',
      from: { path: '^examples/' },
      to: { path: '^(contracts|bff|ingest|local|storybook|bench)/' },
    },
    {
      name: 'examples-import-no-internals',
      comment: 'What the package exports is what a stranger can import.',
      severity: 'error',
      from: { path: '^examples/' },
      to: {
        path: '^sdk/',
        pathNot: '^sdk/src/(index|client/index|testing/index|define/[^/]+)\\.ts$|^sdk/package\\.json$',
      },
    },
    {
      name: 'examples-stand-alone',
      comment: 'An example is copied as one folder.',
      severity: 'error',
      from: { path: '^examples/([^/]+)/' },
      to: { path: '^examples/', pathNot: '^examples/$1/' },
    },
    {
      name: 'storybook-shows-the-sdk',
      comment: 'Stories run against the fake service of the sdk, never against a real one.',
      severity: 'error',
      from: { path: '^storybook/' },
      to: { path: '^(bff|ingest|local|examples|bench)/' },
    },
    {
      name: 'bench-is-a-leaf',
      comment: 'A measurement looks at everything and is part of nothing.',
      severity: 'error',
      from: { pathNot: '^bench/' },
      to: { path: '^bench/' },
    },
    {
      name: 'tests-stay-out-of-what-ships',
      severity: 'error',
      comment: 'Shipped code never imports a test or a story.',
      from: { pathNot: TEST },
      to: { path: '\\.(test|stories)\\.ts$' },
    },

    // sdk: client -> controllers -> components -> define, charts beside components.
    {
      name: 'sdk-client-without-lit',
      comment: 'client/ is usable headless: no lit, no chart.js, none of the layers above it.',
      severity: 'error',
      from: { path: '^sdk/src/client/', pathNot: TEST },
      to: {
        path: '^node_modules/(lit|lit-html|lit-element|@lit|chart\\.js)/|^sdk/src/(controllers|context|charts|components|define)/',
      },
    },
    {
      name: 'sdk-controllers-below-components',
      comment: 'A controller serves any component, so it knows none.',
      severity: 'error',
      from: { path: '^sdk/src/(controllers|context)/', pathNot: TEST },
      to: { path: '^sdk/src/(charts|components|define)/' },
    },
    {
      name: 'sdk-components-do-not-register',
      comment: 'Only define/ has side effects; a component class can be imported without registering a tag.',
      severity: 'error',
      from: { path: '^sdk/src/', pathNot: `^sdk/src/(define|iife)|${TEST}` },
      to: { path: '^sdk/src/define/' },
    },
    {
      name: 'sdk-charts-own-chart-js',
      comment: 'One place to load, theme and replace the chart library.',
      severity: 'error',
      from: { path: '^sdk/', pathNot: '^sdk/src/charts/' },
      to: { path: '^node_modules/chart\\.js/' },
    },
    {
      name: 'sdk-without-schemas',
      comment: 'The sdk imports constants and types from contracts; TypeBox stays out of the bundle.',
      severity: 'error',
      from: { path: '^sdk/src/', pathNot: TEST },
      to: { path: '^contracts/src/schemas/|^node_modules/typebox/' },
    },

    // bff: route -> service -> store interface; implementations meet only in compose.ts and its parts.
    {
      name: 'bff-wired-in-compose',
      comment:
        'compose.ts, with its parts in compose/, is the only wiring; only the server and the commands build the whole.',
      severity: 'error',
      from: { path: '^bff/src/', pathNot: `^bff/src/(compose|server|app)\\.ts$|^bff/src/(cli|compose)/|${TEST}` },
      to: { path: '^bff/src/(compose|server)\\.ts$|^bff/src/compose/' },
    },
    {
      name: 'bff-features-below-app',
      comment: 'A feature is mounted by the app and knows nothing of it.',
      severity: 'error',
      from: { path: '^bff/src/(features|auth|http|regions|timestream)/', pathNot: TEST },
      to: { path: '^bff/src/(app|compose|server)\\.ts$|^bff/src/compose/' },
    },
    {
      name: 'bff-aws-behind-the-port',
      comment: 'Timestream is reached through one port, the live tail and the events of the platform through others.',
      severity: 'error',
      from: {
        path: '^bff/src/',
        pathNot: `^bff/src/(timestream/|live-tail/kinesis-tail-stream\\.ts$|features/client-events/kinesis-platform-events\\.ts$)|${TEST}`,
      },
      to: { path: '^node_modules/@aws-sdk/' },
    },

    // ingest: I/O at both ends, a pure middle.
    {
      name: 'ingest-core-is-pure',
      comment: 'Extraction is a pure function of one event: no cloud, no web server, no adapter, no settings.',
      severity: 'error',
      from: { path: '^ingest/src/core/', pathNot: TEST },
      to: {
        path: '^node_modules/(@aws-sdk|@smithy|express|pino)/|^ingest/src/(adapters|hosts|cli)/|^ingest/src/config\\.ts$|^(fs|net|http|https|child_process|worker_threads|process)(/|$)',
      },
    },
    {
      name: 'ingest-ports-are-interfaces',
      comment: 'A port says what the core needs, not who provides it.',
      severity: 'error',
      from: { path: '^ingest/src/ports/', pathNot: TEST },
      to: { path: '^node_modules/@aws-sdk/|^ingest/src/(adapters|hosts|cli)/' },
    },
    {
      name: 'simulator-shares-no-code-with-ingest',
      comment: 'Its truth is independent only while it is computed by other code.',
      severity: 'error',
      from: { path: '^local/simulator/' },
      to: { path: '^(ingest|bff|sdk)/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(?!node_modules/).*(dist|\\.tsbuild|coverage)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'browser', 'default', 'types'],
      extensions: ['.ts', '.js', '.mjs', '.cjs', '.d.ts', '.json'],
    },
    combinedDependencies: true,
  },
};
