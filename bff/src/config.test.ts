import assert from 'node:assert/strict';
import { it } from 'node:test';
import { ConfigError, readConfig } from './config.ts';
import { SETTINGS } from './settings.ts';

const distributor = { LUMINA_ROLE: 'distributor', AUTH_ISSUER: 'http://127.0.0.1:8081/' };
const regional = {
  LUMINA_ROLE: 'regional',
  AUTH_ISSUER: 'http://127.0.0.1:8081/',
  LUMINA_REGION_ID: '2',
  TIMESTREAM_REGION: 'us-east-1',
  LUMINA_CONFIG_DIR: '/data',
};

function problemsOf(env: Record<string, string>): readonly string[] {
  try {
    readConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

it('reads a distributor with defaults', () => {
  const config = readConfig({ ...distributor, LUMINA_REGION_URLS: '{"1":"http://127.0.0.1:8101"}' });
  assert.equal(config.auth.jwksUrl, 'http://127.0.0.1:8081/.well-known/jwks.json');
  assert.equal(config.host, '127.0.0.1');
  assert.deepEqual(config.own.role === 'distributor' ? [...config.own.regionUrls] : [], [[1, 'http://127.0.0.1:8101']]);
});

it('reads a regional, which prefers PostgreSQL where it is given', () => {
  const config = readConfig({ ...regional, DATABASE_URL: 'postgres://db/lumina' });
  assert.deepEqual(config.own.role === 'regional' ? config.own.store : undefined, {
    kind: 'postgres',
    url: 'postgres://db/lumina',
  });
});

it('reads where accounts are managed, by default at the issuer, and only whole', () => {
  const named = { ...regional, AUTH_MANAGEMENT_CLIENT_ID: 'c' };
  const config = readConfig({ ...named, AUTH_MANAGEMENT_CLIENT_SECRET: 's' });
  assert.deepEqual(config.own.role === 'regional' ? config.own.management : undefined, {
    url: 'http://127.0.0.1:8081/',
    clientId: 'c',
    clientSecret: 's',
    connection: 'Username-Password-Authentication',
  });
  assert.ok(problemsOf(named).some((problem) => problem.includes('AUTH_MANAGEMENT_CLIENT_SECRET')));
  const plain = readConfig(regional);
  assert.equal(plain.own.role === 'regional' ? plain.own.management : 'none', undefined);
});

it('reports every bad setting at once', () => {
  const problems = problemsOf({
    LUMINA_ROLE: 'regional',
    LUMINA_REGION_ID: '9',
    PORT: '70000',
    LOG_LEVEL: 'loud',
    CORS_ORIGINS: 'https://a.example/path',
  });
  for (const name of [
    'AUTH_ISSUER',
    'LUMINA_REGION_ID',
    'LUMINA_CONFIG_DIR',
    'TIMESTREAM_REGION',
    'PORT',
    'LOG_LEVEL',
    'CORS_ORIGINS',
  ]) {
    assert.equal(problems.filter((problem) => problem.startsWith(name)).length, 1, name);
  }
});

it('refuses regions outside the table and targets that are no origin', () => {
  for (const urls of [
    '{"9":"http://a.example"}',
    '{"1":"file:///etc/passwd"}',
    '{"1":"http://a.example/path"}',
    '{"1":"http://user@a.example"}',
    '[]',
    'x',
  ]) {
    assert.equal(problemsOf({ ...distributor, LUMINA_REGION_URLS: urls }).length, 1, urls);
  }
});

it('lists each setting once', () => {
  assert.equal(new Set(SETTINGS.map((setting) => setting.name)).size, SETTINGS.length);
});
