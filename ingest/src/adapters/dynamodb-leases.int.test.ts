import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, test } from 'node:test';
import dynalite from 'dynalite';

import { LeaseLostError, NOBODY, type Lease, type LeaseStore } from '../ports/lease-store.ts';
import { createDynamodbLeases } from './dynamodb-leases.ts';

process.env['AWS_ACCESS_KEY_ID'] ??= 'local';
process.env['AWS_SECRET_ACCESS_KEY'] ??= 'local';

async function listening(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** Passes calls on; while told so, the call is carried out and its answer thrown away. */
class LossyDoor {
  losesReplies = 0;
  readonly server: Server;

  constructor(port: () => number) {
    this.server = createServer((incoming, response) => {
      const { method, url, headers } = incoming;
      const onward = request({ host: '127.0.0.1', port: port(), method, path: url, headers }, (answer) => {
        if (this.losesReplies > 0) {
          this.losesReplies -= 1;
          answer.resume();
          answer.once('end', () => response.destroy());
          return;
        }
        response.writeHead(answer.statusCode ?? 500, answer.headers);
        answer.pipe(response);
      });
      incoming.pipe(onward);
    });
  }
}

describe('leases in DynamoDB', () => {
  let port = 0;
  const server = dynalite({ createTableMs: 5 });
  const door = new LossyDoor(() => port);
  let leases: LeaseStore;
  let shards = 0;
  const freshShard = (): string => `shard-${String((shards += 1))}`;
  const taken = async (shardId: string, owner: string, counter?: number): Promise<Lease> => {
    const lease = await leases.take(shardId, owner, counter);
    assert.ok(lease);
    return lease;
  };

  before(async () => {
    port = await listening(server);
    const endpoint = `http://127.0.0.1:${String(await listening(door.server))}`;
    leases = createDynamodbLeases({ endpoint, region: 'eu-west-1', table: 'leases' });
    await leases.ensure();
  });
  after(() => {
    leases.close();
    for (const one of [door.server, server]) {
      one.close();
      one.closeAllConnections();
    }
  });

  test('one of many takes a new shard, and one of many an observed one', async () => {
    const shardId = freshShard();
    const first = await Promise.all(['a', 'b', 'c'].map((owner) => leases.take(shardId, owner)));
    const [winner] = first.filter((lease) => lease !== undefined);
    assert.equal(first.filter((lease) => lease !== undefined).length, 1);
    const second = await Promise.all(['d', 'e'].map((owner) => leases.take(shardId, owner, winner?.counter)));
    assert.equal(second.filter((lease) => lease !== undefined).length, 1);
  });

  test('the fence: after another worker has taken the shard, no checkpoint and no release gets through', async () => {
    const shardId = freshShard();
    const mine = await leases.renew(await taken(shardId, 'me'), '5', 1000);
    const theirs = await taken(shardId, 'other', mine.counter);
    assert.deepEqual([theirs.checkpoint, theirs.watermarkMs, theirs.generation], ['5', 1000, mine.generation + 1]);
    await assert.rejects(leases.renew(mine, '6'), LeaseLostError);
    await assert.rejects(leases.release(mine), LeaseLostError);
    assert.equal((await leases.renew(theirs)).checkpoint, '5');
  });

  test('a reply that was lost is no loss of the lease', async () => {
    const shardId = freshShard();
    const lease = await taken(shardId, 'me');
    door.losesReplies = 1;
    await assert.rejects(leases.renew(lease, '7'));
    const renewed = await leases.renew(lease, '7');
    assert.equal(renewed.checkpoint, '7');
    door.losesReplies = 1;
    await assert.rejects(leases.release(renewed));
    await leases.release(renewed);
    const found = (await leases.list()).find((one) => one.shardId === shardId);
    assert.deepEqual([found?.owner, found?.checkpoint], [NOBODY, '7']);
  });

  test('one worker may ask for a lease; the owner sees it at its next renewal, and taking it answers it', async () => {
    const shardId = freshShard();
    const lease = await taken(shardId, 'me');
    assert.equal(await leases.want(lease, 'poor'), true);
    assert.equal(await leases.want(lease, 'late'), false);
    const renewed = await leases.renew(lease);
    assert.equal(renewed.wantedBy, 'poor');
    await leases.release(renewed);
    const given = (await leases.list()).find((one) => one.shardId === shardId);
    assert.deepEqual([given?.owner, given?.wantedBy], [NOBODY, 'poor']);
    assert.equal((await taken(shardId, 'poor', given?.counter)).wantedBy, undefined);
    assert.equal(await leases.want(lease, 'poor'), false, 'the one who was asked has it no more');
  });

  test('a lease is forgotten only as it was observed', async () => {
    const shardId = freshShard();
    const lease = await taken(shardId, 'me');
    const renewed = await leases.renew(lease);
    assert.equal(await leases.remove(lease), false);
    assert.equal(await leases.remove(renewed), true);
    assert.equal(
      (await leases.list()).some((one) => one.shardId === shardId),
      false,
    );
  });

  test('the control no-fencing lets a worker that lost its shard move the checkpoint', async () => {
    const endpoint = `http://127.0.0.1:${String(port)}`;
    const unfenced = createDynamodbLeases({ endpoint, region: 'eu-west-1', table: 'leases', isFenced: false });
    const shardId = freshShard();
    const mine = await taken(shardId, 'me');
    await taken(shardId, 'other', mine.counter);
    assert.equal((await unfenced.renew(mine, '3')).checkpoint, '3');
    unfenced.close();
  });
});
