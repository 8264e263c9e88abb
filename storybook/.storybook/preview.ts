import { TOKENS, resolveTheme, useLanguageOf } from '@lumina/sdk';
import type { ThemePreference } from '@lumina/sdk';
import '@lumina/sdk/define';
import { FakeBff } from '@lumina/sdk/testing';
import { setCustomElementsManifest } from '@storybook/web-components-vite';
import type { Preview } from '@storybook/web-components-vite';
import { html } from 'lit';
import { configure as configureShadowQueries } from 'shadow-dom-testing-library';
import { configure } from 'storybook/test';
import { PATIENCE_MS, settle } from '../src/settle.ts';
import { STORY_NOW_MS, stopClock } from '../src/story-clock.ts';
import { GLOBAL_TYPES, INITIAL_GLOBALS, WIDTHS_PX } from '../src/story-globals.ts';
import type { StoryParameters } from '../src/story-parameters.ts';

stopClock();

// A busy machine may take longer than the usual second.
configure({ asyncUtilTimeout: PATIENCE_MS });
configureShadowQueries({ asyncUtilTimeout: PATIENCE_MS });

// Descriptions of attributes and events, where the sdk has been built; stories do without.
const [manifest] = Object.values(
  import.meta.glob<object>('../../sdk/dist/custom-elements.json', { eager: true, import: 'default' }),
);
if (manifest !== undefined) setCustomElementsManifest(manifest);

type Globals = Record<Exclude<keyof typeof INITIAL_GLOBALS, 'theme'>, string> & { readonly theme: ThemePreference };

function surroundingsOf(context: { readonly parameters: Record<string, unknown> }): StoryParameters {
  return context.parameters['lumina'] ?? {};
}

function boxCss({ box }: StoryParameters, width: string): string {
  const widthPx = WIDTHS_PX[width] ?? box?.widthPx;
  return [
    ...(widthPx === undefined ? [] : [`width: min(${widthPx}px, 100%)`]),
    ...(box?.heightPx === undefined ? [] : [`height: ${box.heightPx}px`]),
    'display: grid',
  ].join(';');
}

const preview: Preview = {
  globalTypes: GLOBAL_TYPES,
  initialGlobals: INITIAL_GLOBALS,
  parameters: {
    layout: 'fullscreen',
    backgrounds: { disable: true },
    controls: { expanded: true },
    a11y: { test: 'error' },
  },
  loaders: [
    async (context) => {
      await useLanguageOf((context.globals as Globals).locale);
      return { bff: new FakeBff({ ...surroundingsOf(context).bff, nowMs: () => STORY_NOW_MS }) };
    },
  ],
  decorators: [
    (story, context) => {
      const { theme, density, locale, width } = context.globals as Globals;
      const { bff } = context.loaded as { bff: FakeBff };
      const colours = TOKENS[resolveTheme(theme)];
      document.documentElement.lang = locale;
      document.body.style.background = colours.page;
      document.body.style.padding = '16px';
      return html`<lumina-provider
        .theme=${theme}
        .density=${density}
        .locale=${locale}
        .fetch=${bff.fetch}
        .getToken=${() => 'token-of-the-story'}
      >
        <div .style=${boxCss(surroundingsOf(context), width)}>${story()}</div>
      </lumina-provider>`;
    },
  ],
  // Runs after the play function and before the check of accessibility, which must see the finished story.
  afterEach: async (context) => {
    await settle(context.canvasElement, surroundingsOf(context).state);
  },
};

export default preview;
