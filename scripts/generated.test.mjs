// What is generated from the package.jsons, the settings tables and the sources is committed: it must not fall behind.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

for (const generator of ['references.mjs', 'configuration-docs.mjs', 'permission-docs.mjs', 'source-docs.mjs']) {
  test(`${generator} would change nothing`, () => {
    const script = fileURLToPath(new URL(generator, import.meta.url));
    const { status, stderr } = spawnSync(process.execPath, [script, '--check'], { encoding: 'utf8' });
    assert.equal(status, 0, stderr);
  });
}
