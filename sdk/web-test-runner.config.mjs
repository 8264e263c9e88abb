import { chromeLauncher } from '@web/test-runner-chrome';
import { esbuildPlugin } from '@web/dev-server-esbuild';
import { resolveBrowser } from '../scripts/browser.mjs';

const { executablePath, args } = await resolveBrowser();

export default {
  rootDir: '..',
  files: ['src/components/**/*.test.ts'],
  // The bare word of a workspace leads to its sources, whose files are TypeScript.
  nodeResolve: { exportConditions: ['production', 'browser'], extensions: ['.ts', '.mjs', '.js'] },
  plugins: [
    esbuildPlugin({
      ts: true,
      target: 'es2022',
      tsconfig: new URL('tsconfig.wtr.json', import.meta.url).pathname,
      define: { 'process.env.NODE_ENV': '"production"' },
    }),
  ],
  browsers: [chromeLauncher({ launchOptions: { executablePath, args } })],
  concurrency: 1,
  testFramework: { config: { timeout: 10_000 } },
  testsFinishTimeout: 120_000,
};
