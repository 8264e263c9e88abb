import assert from 'node:assert/strict';
import { it } from 'node:test';
import fc from 'fast-check';
import { loggedPath, pathWordsOf } from './logged-path.ts';

const words = pathWordsOf([{ path: '/api/dashboards/{id}/versions' }, { path: '/api/users/{sub}' }]);

it('keeps the words of routes and nothing else', () => {
  assert.equal(loggedPath('/api/dashboards/calls/versions', words), '/api/dashboards/*/versions');
  assert.equal(loggedPath('/api/users/anna%40example.com', words), '/api/users/*');
  assert.equal(loggedPath('/+447700900123', words), '/*');
  assert.equal(loggedPath('/share/r2_abc', words), '/share/*');
  assert.equal(loggedPath('/', words), '/');
});

it('never logs a part that a caller made up', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const part = text.replaceAll('/', '');
      fc.pre(part !== '' && !words.has(part));
      assert.equal(loggedPath(`/api/users/${part}`, words), '/api/users/*');
    }),
  );
});
