import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { it } from 'node:test';
import { engineTemplate } from './engine-template.ts';

const NAME = 'words';

function makerOf(text: string): (folder: string) => Promise<void> {
  return async (folder) => {
    await mkdir(folder);
    await writeFile(join(folder, 'word'), text);
  };
}

it('a template is made once and whole, for this user alone, and anew for another version', async (context) => {
  const version = randomUUID();
  const failing = async (folder: string): Promise<void> => {
    await mkdir(folder);
    throw new Error('full');
  };
  await assert.rejects(engineTemplate({ name: NAME, version }, failing), /full/);
  // Two at once, neither of which knows of the other.
  const made = await Promise.all(['one', 'two'].map((word) => engineTemplate({ name: NAME, version }, makerOf(word))));
  const next = await engineTemplate({ name: NAME, version: `${version} b` }, makerOf('next'));
  context.after(() => Promise.all([...made, next].map((folder) => rm(folder, { recursive: true, force: true }))));

  const [template = ''] = made;
  assert.deepEqual(made, [template, template]);
  const word = readFileSync(join(template, 'word'), 'utf8');
  assert.match(word, /^(one|two)$/);
  assert.equal(await engineTemplate({ name: NAME, version }, failing), template);
  assert.equal(readFileSync(join(template, 'word'), 'utf8'), word);
  assert.notEqual(next, template);
  assert.ok(existsSync(next));
  if (process.platform !== 'win32') assert.equal(statSync(dirname(template)).mode & 0o777, 0o700);
});
