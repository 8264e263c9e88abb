import eslint from '@eslint/js';
import { importX } from 'eslint-plugin-import-x';
import { createTypeScriptImportResolver } from 'eslint-import-resolver-typescript';
import jsdoc from 'eslint-plugin-jsdoc';
import { configs as lit } from 'eslint-plugin-lit';
import litA11y from 'eslint-plugin-lit-a11y';
import { configs as wc } from 'eslint-plugin-wc';
import globals from 'globals';
import lwsSafe from './sdk/lint/lws-safe-templates.js';
import { defineConfig } from 'eslint/config';
import { builtinRules } from 'eslint/use-at-your-own-risk';
import tseslint from 'typescript-eslint';

const TESTS = ['**/*.test.ts', '**/*.stories.ts', '**/testing/**/*.ts'];
const COMPONENTS = ['sdk/**/*.ts', 'examples/**/*.ts', 'storybook/**/*.ts'];

/** Sizes count neither blank lines nor comments. */
const lines = (max) => ({ max, skipBlankLines: true, skipComments: true });

/** `max-lines` once more under a second name, since a rule has one severity: large is a warning, too large an error. */
const sizes = { rules: { 'large-file': builtinRules.get('max-lines') } };

export default defineConfig(
  { ignores: ['**/dist/', '**/.tsbuild/', '**/.lumina/', '**/coverage/', '**/testdata/', '**/fixtures/'] },

  eslint.configs.recommended,
  {
    plugins: { 'import-x': importX },
    settings: { 'import-x/resolver-next': [createTypeScriptImportResolver({ noWarnOnMultipleProjects: true })] },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      eqeqeq: 'error',
      'no-console': 'error',
      'no-restricted-syntax': [
        'error',
        { selector: 'ExportDefaultDeclaration', message: 'Export by name: one spelling everywhere it is used.' },
      ],
      // A variable that a closure reads before its only assignment cannot be a constant.
      'prefer-const': ['error', { ignoreReadBeforeAssign: true }],
      'import-x/no-extraneous-dependencies': [
        'error',
        {
          devDependencies: [
            '**/*.test.ts',
            '**/*.stories.ts',
            '**/testing/**',
            '**/.storybook/**',
            '**/*.js',
            '**/*.mjs',
            '**/*.config.ts',
            'scripts/**',
          ],
        },
      ],
      'import-x/no-duplicates': ['error', { 'prefer-inline': false }],
      'import-x/no-self-import': 'error',
    },
  },

  // TypeScript, with types.
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      // An async function that has nothing to await still promises a rejection rather than a throw.
      '@typescript-eslint/require-await': 'off',
      // An empty extension is how global maps are augmented.
      '@typescript-eslint/no-empty-object-type': ['error', { allowInterfaces: 'with-single-extends' }],
      // The compiler's own check knows functions that never return.
      'no-fallthrough': 'off',
      'no-control-regex': 'off',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      'max-lines-per-function': ['warn', lines(60)],
    },
  },
  {
    files: ['**/*.ts'],
    ignores: TESTS,
    plugins: { sizes },
    rules: { 'sizes/large-file': ['warn', lines(250)], 'max-lines': ['error', lines(400)] },
  },
  {
    // One module per service reads the environment, which its entry points hand in; everything else is given settings.
    files: ['bff/src/**/*.ts', 'ingest/src/**/*.ts'],
    ignores: ['**/config.ts', 'bff/src/server.ts', '**/cli/**', ...TESTS],
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: 'Only config.ts reads the environment.' },
      ],
    },
  },
  {
    // What others import is documented: the contracts and the published package.
    files: ['contracts/src/**/*.ts', 'sdk/src/**/*.ts'],
    ignores: TESTS,
    plugins: { jsdoc },
    rules: {
      'jsdoc/require-jsdoc': [
        'error',
        {
          publicOnly: { esm: true, cjs: false, window: false },
          require: { FunctionDeclaration: true, ClassDeclaration: true },
          contexts: [
            'TSInterfaceDeclaration',
            'TSTypeAliasDeclaration',
            'ExportNamedDeclaration > VariableDeclaration',
          ],
          enableFixer: false,
        },
      ],
      'jsdoc/check-tag-names': ['error', { definedTags: ['slot', 'csspart', 'cssproperty', 'status', 'tag'] }],
    },
  },

  // Web components.
  {
    files: COMPONENTS,
    extends: [lit['flat/recommended'], wc['flat/best-practice']],
    plugins: { 'lit-a11y': litA11y, 'lws-safe': lwsSafe },
    languageOptions: { globals: globals.browser },
    rules: {
      ...litA11y.configs.recommended.rules,
      // Lit binds `@click=${this.handler}` to the component.
      '@typescript-eslint/unbound-method': 'off',
      'lws-safe/templates': 'error',
      // Roles and names are set as properties, which this rule cannot see; axe checks them in the tests.
      'lit-a11y/alt-text': 'off',
      // A warning in the host's console is how a component tells its developer.
      'no-console': ['error', { allow: ['warn', 'error'] }],
      'lit/no-legacy-imports': 'error',
      'lit/no-template-arrow': 'off',
      'wc/guard-super-call': 'off',
    },
  },

  // Tests: node:test collects the promises of its own calls; a fixture may be longer and less typed than what it tests.
  {
    files: TESTS,
    rules: {
      '@typescript-eslint/no-floating-promises': [
        'error',
        {
          allowForKnownSafeCalls: [
            { from: 'package', package: 'node:test', name: ['test', 'it', 'describe', 'suite'] },
          ],
        },
      ],
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/no-unused-expressions': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-empty-function': 'off',
      '@typescript-eslint/unbound-method': 'off',
      'max-lines': ['error', lines(600)],
      'max-lines-per-function': 'off',
    },
  },

  {
    files: ['sdk/**/*.test.ts'],
    rules: {
      '@typescript-eslint/no-floating-promises': [
        'error',
        {
          allowForKnownSafeCalls: [
            { from: 'package', package: 'node:test', name: ['test', 'it', 'describe', 'suite'] },
            // A plugin of @open-wc/testing declares the comparison of markup as a promise; it compares at once.
            { from: 'package', package: 'chai', name: ['Equal'] },
          ],
        },
      ],
    },
  },

  // Plain JavaScript: scripts and the settings of tools.
  {
    files: ['**/*.{js,mjs,cjs}'],
    languageOptions: { globals: globals.node },
    rules: { 'no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }] },
  },
  { files: ['examples/plain-html/{public,src}/**/*.js'], languageOptions: { globals: globals.browser } },
  // Lint rules are tested with the root's ESLint.
  { files: ['sdk/lint/**'], rules: { 'import-x/no-extraneous-dependencies': 'off', 'no-control-regex': 'off' } },
  // Talking to a person on a terminal is what these are for.
  {
    files: [
      'scripts/**',
      '**/cli/**',
      '**/cli.ts',
      '**/*.config.{js,mjs,ts}',
      'local/**',
      'storybook/*.mjs',
      'bench/**',
    ],
    rules: { 'no-console': 'off' },
  },
  // Tools read the default export of their settings and of stories, and a declaration says what its module does.
  {
    files: ['**/*.config.{js,mjs,ts}', '**/*.d.ts', '**/*.stories.ts', '**/.storybook/*.ts', 'sdk/lint/**'],
    rules: { 'no-restricted-syntax': 'off' },
  },
);
