import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import {
  AGENT_STATES,
  CALL_DIRECTIONS,
  CALL_OUTCOMES,
  EVENT_SOURCES,
  METRICS,
  QUEUE_OUTCOMES,
} from '@lumina/contracts';
import type { MetricUnit } from '@lumina/contracts';
import { LuminaError } from '../client/lumina-error.ts';
import { tickText } from '../components/kind/tick-text.ts';
import { dimensionTitle } from '../components/table/dimension-title.ts';
import { whatOf } from '../components/widget/error-texts.ts';
import { NO_VALUE, formatAge, formatInstant, formatTime, formatValue, formatValueText } from './format.ts';
import { templates } from './locales/de.ts';
import { valueTitle } from './metric-titles.ts';

const SRC = path.join(import.meta.dirname, '..');

function sources(pattern: string): readonly string[] {
  return globSync(pattern, { cwd: SRC }).filter((file) => !/\.(test|stories)\.ts$/u.test(file));
}

function usedIds(): Set<string> {
  const ids = new Set(Object.keys(METRICS).flatMap((metric) => [`metric.${metric}`, `definition.${metric}`]));
  for (const file of sources('**/*.ts')) {
    const source = readFileSync(path.join(SRC, file), 'utf8');
    for (const [, id] of source.matchAll(/\bid: '([\w.]+)',?\s*\}/gu)) {
      if (id !== undefined && source.includes("from '@lit/localize'")) ids.add(id);
    }
  }
  return ids;
}

test('every text has a German one, and no German text is left over', () => {
  assert.deepEqual([...usedIds()].sort(), Object.keys(templates).sort());
});

test('no text of a template stands outside msg()', () => {
  for (const file of sources('components/*/*.ts')) {
    const source = readFileSync(path.join(SRC, file), 'utf8');
    for (const [, text = ''] of source.matchAll(/>([^<>${}`]*)</gu)) {
      assert.doesNotMatch(text, /^\s*[A-Z][a-z]+/u, `${file}: ${text.trim()}`);
    }
  }
});

test('every value of a closed set and every dimension has a name', () => {
  const values = [CALL_DIRECTIONS, CALL_OUTCOMES, QUEUE_OUTCOMES, AGENT_STATES, EVENT_SOURCES].flat();
  for (const value of values) assert.ok(valueTitle(value), value);
  for (const { dimensions } of Object.values(METRICS)) {
    for (const dimension of dimensions) assert.notEqual(dimensionTitle(dimension), dimension);
  }
});

test('grid lines close to each other do not read the same', () => {
  const texts = (values: readonly number[], unit: MetricUnit): string[] =>
    values.map((value) => tickText(value, unit, 'en-GB'));
  assert.deepEqual(texts([0, 0.25, 0.5, 0.75, 1], '%'), ['0 %', '0.25 %', '0.5 %', '0.75 %', '1 %']);
  assert.deepEqual(texts([0.001, 0.0025, 0.004], '%'), ['0.001 %', '0.0025 %', '0.004 %']);
  assert.deepEqual(texts([0, 0.5, 30, 120, 5400], 's'), ['0', '0.5 s', '30 s', '2 min', '1.5 h']);
  assert.deepEqual(texts([2500, 12_500], 'ms'), ['2,500 ms', '12.5 s']);
  assert.deepEqual(texts([0.004, 1500, 1_500_000], 'count'), ['0.004', '1,500', '1.5M']);
});

test('an unknown metric is named by its title, and several as one of them', () => {
  const error = new LuminaError({
    code: 'QUERY_INVALID',
    problem: 'unknown_metric',
    retryable: false,
    message: '',
    suggestion: '',
  });
  assert.equal(whatOf(error, ['call_count']), 'There is no metric “Calls”.');
  assert.equal(whatOf(error, ['call_count', 'queue_depth']), 'One of these metrics does not exist: Calls, Waiting.');
  assert.equal(whatOf(error, ['call_count', 'no_such']), 'There is no metric “no_such”.');
});

test('values for people', () => {
  const cases: readonly (readonly [number | null, 'count' | 's' | 'ms' | '%', string])[] = [
    [null, 'count', NO_VALUE],
    [Number.NaN, 's', NO_VALUE],
    [0, 'count', '0'],
    [1_234_567, 'count', '1,234,567'],
    [0.004, 'count', '0.004'],
    [2.345, 'count', '2.3'],
    [87.25, '%', '87.3 %'],
    [100, '%', '100 %'],
    [0, '%', '0 %'],
    [0.004, '%', '0.004 %'],
    [0.046, '%', '0.05 %'],
    [0.06, '%', '0.1 %'],
    [0.000_2, '%', '<0.001 %'],
    [-0.000_2, 'count', '>-0.001'],
    [0.004, 's', '0.004 s'],
    [0.004, 'ms', '0.004 ms'],
    [4.26, 's', '4.3 s'],
    [48.4, 's', '48 s'],
    [59.4, 's', '59 s'],
    [59.6, 's', '1:00 min'],
    [205, 's', '3:25 min'],
    [3725, 's', '1:02 h'],
    [240, 'ms', '240 ms'],
    [12_500, 'ms', '12.5 s'],
  ];
  for (const [value, unit, text] of cases) assert.equal(formatValueText(value, unit, 'en-GB'), text);
  assert.deepEqual(formatValue(1234.5, 'count', 'de'), { text: '1.235', unit: '' });
});

test('ages and times', () => {
  assert.deepEqual(
    [0, 2400, 89_000, 120_000, 7_200_000].map((ageMs) => formatAge(ageMs, 'en')),
    ['0 s', '2 s', '89 s', '2 min', '2 h'],
  );
  assert.equal(formatTime(Date.UTC(2026, 6, 1, 23, 30), 'en-GB', 'Europe/London'), '00:30');
});

test('an instant of another day says which', () => {
  const nowMs = Date.UTC(2026, 6, 2, 10);
  assert.equal(formatInstant(nowMs - 3000, nowMs, 'en-GB', 'Europe/London'), '10:59:57');
  assert.equal(formatInstant(nowMs - 86_400_000, nowMs, 'en-GB', 'Europe/London'), '1 Jul, 11:00:00');
  // It is today in London and still yesterday in New York.
  const nightMs = Date.UTC(2026, 6, 2, 2);
  assert.equal(formatInstant(nightMs - 3 * 3_600_000, nightMs, 'en-GB', 'America/New_York'), '19:00:00');
});

test('numbers, shares, durations and ages in German', () => {
  assert.equal(formatValueText(1_234_567, 'count', 'de-DE'), '1.234.567');
  assert.equal(formatValueText(87.25, '%', 'de-DE'), '87,3 %');
  assert.equal(formatValueText(4.26, 's', 'de-DE'), '4,3 s');
  assert.equal(formatValueText(205, 's', 'de-DE'), '3:25 min');
  assert.equal(formatAge(89_000, 'de-DE'), '89 s');
  assert.equal(formatInstant(0, 86_400_000, 'de-DE', 'UTC'), '1. Jan., 00:00:00');
});
