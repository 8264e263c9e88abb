import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { it } from 'node:test';

import { TestClient } from './testing/client.ts';

it('runs by itself with callers on it, and ends in peace', async () => {
  const file = fileURLToPath(new URL('cli.ts', import.meta.url));
  const child = spawn(process.execPath, [file, '--port', '0', '--password', 'secret', '--calls', '20'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  const client = await TestClient.login(Number(/:(\d+)$/.exec(line)?.[1]), 'secret');
  await client.ask('event json CUSTOM callcenter::info');
  assert.equal((await client.event())['CC-Action'], 'member-queue-start');
  client.send('noevents');
  client.send('api callcenter_config queue list members support');
  let frame = await client.frame();
  while (!frame.head.includes('api/response')) frame = await client.frame();
  assert.match(frame.body, /\|Waiting\|\d+\n\+OK\n$/);
  child.kill('SIGTERM');
  const [code] = (await once(child, 'exit')) as [number | null];
  assert.equal(code, 0);
  await client.closed();
});
