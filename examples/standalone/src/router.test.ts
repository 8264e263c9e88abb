import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Router } from './router.ts';
import type { Place, RouterWindow } from './router.ts';

/** A window with the history of one tab. */
class TabWindow implements RouterWindow {
  readonly entries: string[];
  at = 0;
  readonly listeners = new Set<() => void>();

  constructor(path: string) {
    this.entries = [path];
  }

  get location(): RouterWindow['location'] {
    const { origin, pathname, search } = new URL(this.entries[this.at] ?? '', 'http://page.example');
    return { origin, pathname, search };
  }

  readonly history = {
    pushState: (_state: unknown, _unused: string, path?: string | URL | null): void => {
      this.entries.splice(this.at + 1, Number.POSITIVE_INFINITY, String(path));
      this.at += 1;
    },
    replaceState: (_state: unknown, _unused: string, path?: string | URL | null): void => {
      this.entries[this.at] = String(path);
    },
  };

  addEventListener(_type: 'popstate', listener: () => void): void {
    this.listeners.add(listener);
  }

  removeEventListener(_type: 'popstate', listener: () => void): void {
    this.listeners.delete(listener);
  }

  back(): void {
    this.at -= 1;
    for (const listener of this.listeners) listener();
  }
}

function routerAt(path: string): { tab: TabWindow; router: Router; places: Place[] } {
  const tab = new TabWindow(path);
  const places: Place[] = [];
  const router = new Router(tab, (place) => places.push(place));
  router.start();
  return { tab, router, places };
}

test('a step can be undone, a change of state cannot', () => {
  const { tab, router, places } = routerAt('/');
  router.go('/boards/calls');
  router.replace('/boards/calls?range=4h');
  router.replace('/boards/calls?range=1h');
  assert.deepEqual(tab.entries, ['/', '/boards/calls?range=1h']);
  tab.back();
  assert.deepEqual(places.at(-1), { route: { page: 'list' }, search: '' });
});

test('a link to where one is makes no step', () => {
  const { tab, router } = routerAt('/settings');
  router.go('/settings');
  assert.deepEqual(tab.entries, ['/settings']);
});

test('a deep link is where the page begins, with its query', () => {
  const { router } = routerAt('/boards/queues?range=1h&zone=UTC');
  assert.deepEqual(router.place, { route: { page: 'board', id: 'queues' }, search: '?range=1h&zone=UTC' });
});

test('a stopped router hears nothing more', () => {
  const { tab, router, places } = routerAt('/');
  router.go('/settings');
  router.stop();
  tab.back();
  assert.equal(places.length, 1);
});
