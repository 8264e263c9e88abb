import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SeriesColours } from './series-colours.ts';
import { SERIES_COLOURS, TOKENS } from './tokens.ts';
import type { ThemeName, TokenName } from './tokens.ts';

function luminance(hex: string): number {
  const channels = [1, 3, 5].map((at) => {
    const share = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * (channels[0] ?? 0) + 0.7152 * (channels[1] ?? 0) + 0.0722 * (channels[2] ?? 0);
}

function contrast(a: string, b: string): number {
  const [high = 0, low = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (high + 0.05) / (low + 0.05);
}

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
  ['on-accent', 'accent'],
];

for (const theme of ['light', 'dark'] as const satisfies readonly ThemeName[]) {
  const tokens = TOKENS[theme];

  test(`${theme}: text holds 4.5:1 on every surface`, () => {
    const pairs = [...SURFACES.flatMap((surface) => TEXTS.map((text) => [text, surface] as const)), ...PAIRS];
    for (const [text, surface] of pairs) {
      const ratio = contrast(tokens[text], tokens[surface]);
      assert.ok(ratio >= 4.5, `${text} on ${surface} is ${ratio.toFixed(2)}`);
    }
  });

  test(`${theme}: series hold 3:1 on a tile and differ`, () => {
    for (const colour of SERIES_COLOURS[theme]) {
      const ratio = contrast(colour, tokens.tile);
      assert.ok(ratio >= 3, `${colour} is ${ratio.toFixed(2)}`);
    }
    assert.equal(new Set(SERIES_COLOURS[theme]).size, 8);
  });
}

test('a queue keeps its colour whichever tile comes first', () => {
  const colours = new SeriesColours();
  colours.seed('queue_id', ['q1', 'q2', 'q3']);
  assert.equal(colours.placeOf('queue_id', 'q3'), 2);
  assert.equal(colours.placeOf('queue_id', 'q9'), 3);
  colours.seed('queue_id', ['q3', 'q1']);
  assert.equal(colours.placeOf('queue_id', 'q1'), 0);
  assert.equal(colours.placeOf('direction', 'outbound'), 1);
});
