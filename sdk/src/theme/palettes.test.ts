import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  differenceCiede2000,
  filterDeficiencyDeuter,
  filterDeficiencyProt,
  filterDeficiencyTrit,
  oklch,
  parse,
} from 'culori';
import type { Color } from 'culori';
import { DIVERGING_COLOURS, SEQUENTIAL_COLOURS, SERIES_COLOURS } from './palettes.ts';
import { SERIES_COLOUR_COUNT, SeriesColours } from './series-colours.ts';
import { THEME_NAMES } from './tokens.ts';

const SIGHTS: Readonly<Record<string, (colour: Color) => Color>> = {
  normal: (colour) => colour,
  deuteranopia: filterDeficiencyDeuter(1),
  protanopia: filterDeficiencyProt(1),
  tritanopia: filterDeficiencyTrit(1),
};
const distance = differenceCiede2000();

function seen(hex: string, sight: (colour: Color) => Color): Color {
  const colour = parse(hex);
  assert.ok(colour, `${hex} is no colour`);
  return sight(colour);
}

for (const theme of THEME_NAMES) {
  test(`${theme}: any two series differ, however colours are seen`, () => {
    const colours = SERIES_COLOURS[theme];
    assert.equal(colours.length, SERIES_COLOUR_COUNT);
    for (const [name, sight] of Object.entries(SIGHTS)) {
      for (const [index, one] of colours.entries()) {
        for (const other of colours.slice(index + 1)) {
          const difference = distance(seen(one, sight), seen(other, sight));
          assert.ok(difference >= 10, `${one} and ${other} differ by ${difference.toFixed(1)} under ${name}`);
        }
      }
    }
  });

  test(`${theme}: the sequential ramp has one hue and even steps of lightness`, () => {
    const steps = SEQUENTIAL_COLOURS[theme].map((hex) => oklch(seen(hex, (colour) => colour)));
    const rises = steps.slice(1).map(({ l }, index) => l - (steps[index]?.l ?? 0));
    const mean = rises.reduce((sum, rise) => sum + rise, 0) / rises.length;
    for (const rise of rises) assert.ok(Math.abs(rise - mean) < 0.01, `a step of ${rise.toFixed(3)}`);
    const hues = steps.map(({ h }) => h ?? 0);
    assert.ok(Math.max(...hues) - Math.min(...hues) < 25);
  });

  test(`${theme}: the diverging ramp is symmetrical and its ends differ, however colours are seen`, () => {
    const colours = DIVERGING_COLOURS[theme];
    const lightness = colours.map((hex) => oklch(seen(hex, (colour) => colour)).l);
    for (const [index, one] of lightness.entries()) {
      assert.ok(Math.abs(one - (lightness.at(-1 - index) ?? 0)) < 0.02);
    }
    for (const [name, sight] of Object.entries(SIGHTS)) {
      const difference = distance(seen(colours[0] ?? '', sight), seen(colours.at(-1) ?? '', sight));
      assert.ok(difference >= 25, `the ends differ by ${difference.toFixed(1)} under ${name}`);
    }
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
