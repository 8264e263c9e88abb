import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEFAULT_SETTINGS, languageOf, loadSettings, localeOf, parseSettings, saveSettings } from './settings.ts';
import type { Settings } from './settings.ts';

test('what is saved is loaded', () => {
  const stored = new Map<string, string>();
  const settings: Settings = { theme: 'contrast', density: 'compact', language: 'de', timeZone: 'Asia/Kolkata' };
  saveSettings({ setItem: (key, value) => stored.set(key, value) }, settings);
  assert.deepEqual(loadSettings({ getItem: (key) => stored.get(key) ?? null }), settings);
});

test('whatever stands in the storage, settings come out', () => {
  for (const text of [null, '', 'null', '7', '[]', '{', '{"theme":"pink","timeZone":"Mars/Olympus","density":3}']) {
    assert.deepEqual(parseSettings(text), DEFAULT_SETTINGS, String(text));
  }
  assert.deepEqual(parseSettings('{"theme":"dark","new":1}'), { ...DEFAULT_SETTINGS, theme: 'dark' });
});

test('the language follows the choice, else the first of the browser that there are texts in', () => {
  assert.equal(languageOf('de', ['en-US']), 'de');
  assert.equal(languageOf('auto', ['fr-FR', 'de-AT', 'en']), 'de');
  assert.equal(languageOf('auto', ['fr']), 'en');
  assert.equal(languageOf('auto', []), 'en');
});

test('numbers are written in the browser’s variety of the language', () => {
  assert.equal(localeOf('de', ['en-US', 'de-CH']), 'de-CH');
  assert.equal(localeOf('en', ['en']), 'en-GB');
  assert.equal(localeOf('de', []), 'de-DE');
});
