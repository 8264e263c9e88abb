import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readIdpConfig } from './config.ts';

test('an empty environment gives the defaults of the local stack', () => {
  const config = readIdpConfig({});
  assert.equal(config.host, '127.0.0.1');
  assert.equal(config.port, 8081);
  assert.equal(config.accessTokenSeconds, 3600);
  assert.ok(config.pageOrigins.includes('http://127.0.0.1:8080'));
});

test('every bad setting is reported at once', () => {
  assert.throws(
    () =>
      readIdpConfig({
        HOST: '0.0.0.0',
        PORT: 'x',
        LUMINA_IDP_ISSUER: 'http://a',
        LUMINA_PAGE_ORIGINS: 'http://b/c',
        LUMINA_IDP_ACCESS_TOKEN_SECONDS: '1.5',
      }),
    (error: Error) =>
      ['HOST', 'PORT', 'LUMINA_IDP_ISSUER', 'LUMINA_PAGE_ORIGINS', 'LUMINA_IDP_ACCESS_TOKEN_SECONDS'].every((name) =>
        error.message.includes(name),
      ),
  );
});
