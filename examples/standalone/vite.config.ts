import { defineConfig } from 'vite';

export default defineConfig({
  // The sdk is built from source here, so that a change in it shows at once; others get its dist.
  resolve: { conditions: ['source', 'module', 'browser', 'production', 'default'] },
  oxc: {
    decorator: { legacy: true, emitDecoratorMetadata: false },
    assumptions: { setPublicClassFields: true },
    typescript: { removeClassFieldsWithoutInitializer: true },
  },
  build: { target: 'es2022', outDir: 'dist', emptyOutDir: true, modulePreload: { polyfill: false } },
  server: { host: '127.0.0.1' },
});
