import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { matching } from './board-search.ts';
import { zoneChoices } from './pages/zone-choices.ts';
import { THUMBNAIL, boxOf } from './thumbnail.ts';
import { ageText, instantText } from './when.ts';

const SRC = import.meta.dirname;
const summary = (title: string) => ({ id: title, title, version: 1, updatedAt: '', updatedBy: '' });

test('every text of the page has a German one, and none is left over', () => {
  const used = new Set<string>();
  for (const file of globSync('**/*.ts', { cwd: SRC })) {
    for (const [, id = ''] of readFileSync(path.join(SRC, file), 'utf8').matchAll(/\bid: '(page\.[\w.]+)'/gu))
      used.add(id);
  }
  const german = readFileSync(path.join(SRC, 'texts-de.ts'), 'utf8');
  const translated = [...german.matchAll(/^ {2}'(page\.[\w.]+)':/gmu)].map(([, id = '']) => id);
  assert.ok(used.size > 50, 'the texts were found');
  assert.deepEqual([...used].sort(), [...translated].sort());
});

test('an id has one English text', () => {
  const texts = new Map<string, string>();
  for (const file of globSync('**/*.ts', { cwd: SRC })) {
    const source = readFileSync(path.join(SRC, file), 'utf8');
    for (const [, text = '', id = ''] of source.matchAll(
      /msg\(\s*(?:str)?['`]([^'`]+)['`],\s*\{\s*id: '(page\.[\w.]+)'/gu,
    )) {
      assert.equal(texts.get(id) ?? text, text, id);
      texts.set(id, text);
    }
  }
});

test('a search finds boards by all of its words, in any order and case', () => {
  const boards = ['Queues London', 'Calls', 'London agents'].map(summary);
  const found = (search: string): string[] => matching(boards, search).map(({ title }) => title);
  assert.deepEqual(found(' '), ['Queues London', 'Calls', 'London agents']);
  assert.deepEqual(found('LONDON que'), ['Queues London']);
  assert.deepEqual(found('paris'), []);
});

test('ages are told in the largest whole unit', () => {
  const nowMs = Date.UTC(2026, 2, 2, 12);
  const ages = [5_000, 59_000, 60_000, 3_599_000, 7_200_000, 26 * 3_600_000, 40 * 86_400_000, -5_000];
  assert.deepEqual(
    ages.map((ageMs) => ageText(nowMs - ageMs, nowMs, 'en')),
    ['now', 'now', '1 minute ago', '59 minutes ago', '2 hours ago', 'yesterday', 'last month', 'now'],
  );
  assert.equal(ageText(nowMs - 7_200_000, nowMs, 'de'), 'vor 2 Stunden');
  assert.match(instantText(Date.UTC(2026, 6, 1, 23, 30), 'en-GB', 'Europe/London'), /2 Jul 2026.*00:30/u);
});

test('a thumbnail holds what is on the first screens of a board', () => {
  assert.deepEqual(boxOf({ x: 0, y: 0, w: 12, h: 3 }), { x: 1.5, y: 1.5, width: THUMBNAIL.width - 3, height: 24 });
  assert.equal(boxOf({ x: 0, y: 13, w: 12, h: 3 }), undefined);
});

test('zones are in areas, and the chosen one is always among them', () => {
  const zonesOf = (chosen: string): string[] =>
    zoneChoices(chosen).flatMap(({ zones }) => zones.map(({ zone }) => zone));
  assert.ok(zonesOf('').includes('America/Argentina/Buenos_Aires') || zonesOf('').includes('America/Buenos_Aires'));
  for (const zone of ['', 'UTC', 'Asia/Calcutta', 'Asia/Kolkata', 'Europe/London'])
    assert.ok(zone === '' || zonesOf(zone).includes(zone), zone);
  assert.equal(new Set(zonesOf('')).size, zonesOf('').length);
});
