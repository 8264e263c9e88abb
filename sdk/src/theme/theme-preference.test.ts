import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { onSystemThemeChange, resolveTheme } from './theme-preference.ts';

const original = globalThis.matchMedia as typeof globalThis.matchMedia | undefined;

/** A system that wishes what is named. */
function systemWishing(...wishes: readonly string[]): EventTarget {
  const changes = new EventTarget();
  globalThis.matchMedia = ((query: string) =>
    Object.assign(Object.create(changes) as EventTarget, {
      matches: wishes.some((wish) => query.includes(wish)),
      addEventListener: changes.addEventListener.bind(changes),
      removeEventListener: changes.removeEventListener.bind(changes),
    })) as typeof globalThis.matchMedia;
  return changes;
}

afterEach(() => {
  if (original === undefined) Reflect.deleteProperty(globalThis, 'matchMedia');
  else globalThis.matchMedia = original;
});

test('auto follows the system, more contrast before the scheme', () => {
  systemWishing();
  assert.equal(resolveTheme('auto'), 'light');
  systemWishing('dark');
  assert.equal(resolveTheme('auto'), 'dark');
  systemWishing('dark', 'contrast');
  assert.equal(resolveTheme('auto'), 'contrast');
});

test('a named theme outranks the system, an unknown word does not', () => {
  systemWishing('dark');
  assert.equal(resolveTheme('slds'), 'slds');
  assert.equal(resolveTheme('light'), 'light');
  assert.equal(resolveTheme('sepia'), 'dark');
});

test('tells of changes until it is stopped', () => {
  const changes = systemWishing();
  let told = 0;
  const stop = onSystemThemeChange(() => {
    told += 1;
  });
  changes.dispatchEvent(new Event('change'));
  assert.ok(told > 0);
  const before = told;
  stop();
  changes.dispatchEvent(new Event('change'));
  assert.equal(told, before);
});
