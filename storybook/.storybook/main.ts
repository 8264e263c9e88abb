import type { StorybookConfig } from '@storybook/web-components-vite';
import { mergeConfig } from 'vite';

const config: StorybookConfig = {
  framework: '@storybook/web-components-vite',
  stories: ['../../sdk/src/components/*/*.stories.ts'],
  addons: ['@storybook/addon-a11y'],
  core: { disableTelemetry: true, disableWhatsNewNotifications: true, disableProjectJson: true },
  features: { sidebarOnboardingChecklist: false },
  viteFinal: (base) =>
    mergeConfig(base, {
      // The sdk from its sources, so that a change in it shows at once.
      resolve: { conditions: ['source', 'module', 'browser', 'production', 'default'] },
      oxc: {
        decorator: { legacy: true, emitDecoratorMetadata: false },
        assumptions: { setPublicClassFields: true },
        typescript: { removeClassFieldsWithoutInitializer: true },
      },
      build: { target: 'es2022', chunkSizeWarningLimit: 4000 },
    }),
};

export default config;
