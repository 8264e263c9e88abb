import assert from 'node:assert/strict';
import { test } from 'node:test';
import { oklch, wcagContrast } from 'culori';
import { SERIES_COLOURS } from './palettes.ts';
import { SLDS_HOOKS, THEME_NAMES, TOKENS } from './tokens.ts';
import type { TokenName } from './tokens.ts';

const SURFACES: readonly TokenName[] = ['page', 'tile', 'raised', 'inset'];
const TEXTS: readonly TokenName[] = [
  'text-strong',
  'text',
  'text-muted',
  'accent-text',
  'good',
  'warning',
  'critical',
  'info',
];
const PAIRS: readonly (readonly [TokenName, TokenName])[] = [
  ['good', 'good-surface'],
  ['warning', 'warning-surface'],
  ['critical', 'critical-surface'],
  ['info', 'info-surface'],
  ['text', 'warning-surface'],
  ['text-strong', 'critical-surface'],
  ['on-accent', 'accent'],
];
const MARKS: readonly TokenName[] = ['good-mark', 'warning-mark', 'critical-mark', 'info-mark', 'accent'];

for (const theme of THEME_NAMES) {
  const tokens = TOKENS[theme];
  const textRatio = theme === 'contrast' ? 7 : 4.5;

  test(`${theme}: text holds ${textRatio}:1 on every surface`, () => {
    const pairs = [...SURFACES.flatMap((surface) => TEXTS.map((text) => [text, surface] as const)), ...PAIRS];
    for (const [text, surface] of pairs) {
      const ratio = wcagContrast(tokens[text], tokens[surface]);
      assert.ok(ratio >= textRatio, `${text} on ${surface} is ${ratio.toFixed(2)}`);
    }
  });

  test(`${theme}: marks and series hold 3:1 on a tile`, () => {
    for (const colour of [...MARKS.map((mark) => tokens[mark]), ...SERIES_COLOURS[theme]]) {
      const ratio = wcagContrast(colour, tokens.tile);
      assert.ok(ratio >= 3, `${colour} is ${ratio.toFixed(2)}`);
    }
  });
}

for (const theme of THEME_NAMES) {
  test(`${theme}: a tone as a fill holds 3:1 on the page, on a tile and on its own surface, and is no mud`, () => {
    const tokens = TOKENS[theme];
    for (const tone of ['good', 'warning', 'critical', 'info'] as const) {
      const mark = tokens[`${tone}-mark`];
      for (const surface of ['page', 'tile', 'raised', `${tone}-surface`] as const) {
        const ratio = wcagContrast(mark, tokens[surface]);
        assert.ok(ratio >= 3, `${tone} on ${surface} is ${ratio.toFixed(2)}`);
      }
      const { c } = oklch(mark) ?? { c: 0 };
      assert.ok(c >= 0.11, `${tone} has a chroma of ${c.toFixed(3)}`);
    }
  });
}

test('every theme has every token', () => {
  for (const theme of THEME_NAMES) {
    assert.deepEqual(Object.keys(TOKENS[theme]).sort(), Object.keys(TOKENS.light).sort(), theme);
  }
});

test('dark is a design of its own: what rises gets lighter, and its grid is fainter than in light', () => {
  const { page, tile, raised, grid } = TOKENS.dark;
  assert.ok(wcagContrast(tile, '#000') > wcagContrast(page, '#000'));
  assert.ok(wcagContrast(raised, '#000') > wcagContrast(tile, '#000'));
  assert.ok(wcagContrast(grid, tile) < wcagContrast(TOKENS.light.grid, TOKENS.light.tile));
});

test('the hooks of Salesforce stand for tokens that exist', () => {
  for (const [name, hook] of Object.entries(SLDS_HOOKS)) {
    assert.ok(name in TOKENS.slds, name);
    assert.match(hook, /^--slds-g-[a-z0-9-]+$/u);
  }
});
