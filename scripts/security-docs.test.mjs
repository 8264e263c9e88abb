// The page of threats names the test that proves each defence; a test that was moved or removed must be missed there.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { it } from 'node:test';
import { ROOT } from './prepare.mjs';

it('every proof on the security page is a test that exists', () => {
  const page = readFileSync(`${ROOT}/docs/security.md`, 'utf8');
  const proofs = [...page.matchAll(/`([\w./-]+\.test\.\w+)`/g)].map(([, file]) => file);
  assert.ok(proofs.length > 20, 'the page lists proofs');
  assert.deepEqual(
    proofs.filter((file) => !existsSync(`${ROOT}/${file}`)),
    [],
  );
  const threats = page
    .slice(page.indexOf('## Threats'))
    .split('\n')
    .filter((line) => /^\| (?!Threat |---)/.test(line));
  assert.deepEqual(
    threats.filter((line) => !line.includes('.test.')),
    [],
    'every threat has a proof',
  );
});
