import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { SIZES, sizeProperty } from './sizes.ts';
import type { SizeName } from './sizes.ts';
import { TOKENS } from './tokens.ts';

const provider = readFileSync(path.join(import.meta.dirname, '../components/provider/provider.ts'), 'utf8');
const documented = [...provider.matchAll(/@cssproperty \[(--lumina-[\w-]+)(?:=[^\]]*)?\] - \S/gu)].map(
  ([, name]) => name,
);

test('the provider documents every public property of the theme, and no other', () => {
  const sizes = Object.keys(SIZES.comfortable) as SizeName[];
  const wanted = [
    ...Object.keys(TOKENS.light).map((name) => `--lumina-${name}`),
    ...sizes.map((name) => sizeProperty(name)),
    ...['series', 'sequential', 'diverging'].map((ramp) => `--lumina-${ramp}-1`),
    '--lumina-font',
    '--lumina-radius',
  ];
  assert.deepEqual([...documented].sort(), wanted.sort());
});

test('type keeps to its steps and room to the grid', () => {
  for (const { pad, gap, row, ...type } of Object.values(SIZES)) {
    for (const room of [pad, gap, row]) assert.equal(Number.parseInt(room, 10) % 4, 0, room);
    for (const size of Object.values(type))
      assert.ok([12, 13, 14, 16, 20, 28, 40, 56].includes(Number.parseInt(size, 10)));
  }
});
