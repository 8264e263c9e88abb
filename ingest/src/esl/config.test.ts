import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { readEslConfig } from './config.ts';

const LEAST = {
  LUMINA_REGION_ID: '1',
  KINESIS_REGION: 'eu-west-1',
  ESL_HOST: '10.0.0.5',
  ESL_PASSWORD: 'secret',
  ESL_TERRITORY_ID: '101',
  ESL_SPILL_DIR: '/var/lib/lumina',
};

describe('readEslConfig', () => {
  it('reads the least there is', () => {
    const config = readEslConfig(LEAST);
    assert.equal(config.eslPort, 8021);
    assert.deepEqual([...config.snapshots], ['queues', 'agents', 'calls', 'trunks']);
    assert.equal(config.intervalMs, 10_000);
  });

  it('reads trunks by their channels alone, or in full', () => {
    const { trunks } = readEslConfig({
      ...LEAST,
      ESL_TRUNKS: '{"t1": 30, "t2": {"capacity": 60, "territoryId": 202, "prefix": "sofia/external/"}}',
    });
    assert.deepEqual(trunks, [
      { trunkId: 't1', territoryId: 101, capacity: 30, prefix: 'sofia/gateway/t1/' },
      { trunkId: 't2', territoryId: 202, capacity: 60, prefix: 'sofia/external/' },
    ]);
  });

  it('says everything that is wrong at once', () => {
    const read = (): unknown =>
      readEslConfig({
        ...LEAST,
        ESL_HOST: '',
        ESL_TERRITORY_ID: '',
        ESL_DOMAINS: '{"a.example": "x"}',
        ESL_SNAPSHOTS: 'queues,weather',
        ESL_SNAPSHOT_INTERVAL_MS: '5',
        ESL_TRUNKS: '[]',
        ESL_TEAMS: '{"a1": 7}',
        ESL_SPILL_DIR: 'spill',
        ESL_PASSWORD: 'a\nb',
      });
    assert.throws(read, (error: Error) => {
      for (const name of [
        'HOST',
        'TERRITORY_ID',
        'DOMAINS',
        'SNAPSHOTS',
        'SNAPSHOT_INTERVAL_MS',
        'TRUNKS',
        'TEAMS',
        'SPILL_DIR',
        'PASSWORD',
      ]) {
        assert.match(error.message, new RegExp(`ESL_${name}`));
      }
      return true;
    });
  });
});
