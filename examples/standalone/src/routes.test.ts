import assert from 'node:assert/strict';
import { test } from 'node:test';
import { boardPath, routeOf } from './routes.ts';

test('every page has one address', () => {
  const cases = [
    ['/', { page: 'list' }],
    ['/boards', { page: 'list' }],
    ['/boards/calls', { page: 'board', id: 'calls' }],
    ['/boards/calls/', { page: 'board', id: 'calls' }],
    ['/boards/a%2Fb%20c', { page: 'board', id: 'a/b c' }],
    ['/settings', { page: 'settings' }],
  ] as const;
  for (const [path, route] of cases) assert.deepEqual(routeOf(path), route, path);
});

test('what is no address of a page is not found', () => {
  for (const path of ['/boards/a/b', '/settings/x', '/nope', '/boards/%', '/board', '/Settings']) {
    assert.deepEqual(routeOf(path), { page: 'not-found' }, path);
  }
});

test('the path of a board leads back to it, whatever its id', () => {
  for (const id of ['calls', 'a/b', 'ä ö', '%', '?x=1', '#']) {
    assert.deepEqual(routeOf(boardPath(id)), { page: 'board', id });
  }
});
