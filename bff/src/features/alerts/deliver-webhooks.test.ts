import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MAX_ATTEMPTS, WebhookDeliverer, outcomeOf, retryInMs } from './deliver-webhooks.ts';
import type { DeliveryOutcome, DueDelivery } from './evaluation-store.ts';
import type { Attempt } from './webhook-sender.ts';

const LEASE = { holder: 'a', fence: 1 };

const due = (id: string, endpointId: string, attempts = 0): DueDelivery => ({
  territoryId: 101,
  id,
  endpointId,
  event: 'test',
  body: '{}',
  attempts,
  url: 'https://example.com/',
  secrets: ['s'],
});

describe('what an attempt means', () => {
  it('is tried again at growing, random distances, and given up in the end', () => {
    const failed: Attempt = { kind: 'failed', error: 'http_500' };
    assert.deepEqual(outcomeOf({ kind: 'taken' }, 3, 0.5), { status: 'delivered' });
    assert.deepEqual(outcomeOf(failed, 0, 0.5), { status: 'pending', error: 'http_500', retryInMs: 1_000 });
    assert.deepEqual(outcomeOf(failed, 3, 0.5), { status: 'pending', error: 'http_500', retryInMs: 8_000 });
    assert.deepEqual(outcomeOf(failed, MAX_ATTEMPTS - 1, 0.5), { status: 'dead', error: 'http_500' });
    assert.equal(retryInMs(60, 1), 900_000);
  });

  it('is given up at once where the address may not be called', () => {
    const refused: Attempt = { kind: 'refused', error: 'webhook_address_refused' };
    assert.deepEqual(outcomeOf(refused, 0, 0.5), { status: 'dead', error: 'webhook_address_refused' });
  });
});

describe('WebhookDeliverer', () => {
  it('sends one message per endpoint at a time, and settles each', async () => {
    const answers: (() => void)[] = [];
    const sent: string[] = [];
    const settled: [string, DeliveryOutcome['status']][] = [];
    const deliverer = new WebhookDeliverer({
      store: {
        due: () => Promise.resolve([due('1', 'a'), due('2', 'b')]),
        settle: (_lease, { id }, { status }) => {
          settled.push([id, status]);
          return Promise.resolve(true);
        },
      },
      send: ({ id }) => {
        sent.push(id);
        return new Promise((resolve) => {
          answers.push(() => {
            resolve({ kind: 'taken' });
          });
        });
      },
      onAttempt: () => undefined,
      onFailure: (error) => {
        throw error;
      },
    });
    await deliverer.begin(LEASE);
    await deliverer.begin(LEASE);
    assert.deepEqual(sent, ['1', '2'], 'what is under way is not sent again');
    for (const answer of answers) answer();
    await deliverer.close();
    assert.deepEqual(settled, [
      ['1', 'delivered'],
      ['2', 'delivered'],
    ]);
  });

  it('leaves what it was cut off from to the next, as if it had not been tried', async () => {
    let settled = 0;
    const deliverer = new WebhookDeliverer({
      store: {
        due: () => Promise.resolve([due('1', 'a')]),
        settle: () => {
          settled += 1;
          return Promise.resolve(true);
        },
      },
      send: (_delivery, signal) =>
        new Promise((resolve) => {
          signal.addEventListener('abort', () => {
            resolve({ kind: 'failed', error: 'timed_out' });
          });
        }),
      onAttempt: () => undefined,
      onFailure: (error) => {
        throw error;
      },
    });
    await deliverer.begin(LEASE);
    await deliverer.close();
    assert.equal(settled, 0);
  });
});
