import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeEvent, extractFacts, whitelistBody } from '@lumina/ingest';
import { createSimulation, populationOf } from '@lumina/simulator';

const START_MS = Date.UTC(2027, 0, 12, 12);
const MINUTES = 20;

test('every event of the simulated world says the same when it is reduced to what is read', () => {
  const simulation = createSimulation({ startMs: START_MS, endMs: START_MS + MINUTES * 60_000 });
  const types = new Set<string>();
  let events = 0;
  for (const { body, territoryId } of simulation) {
    const { regionId } = populationOf(territoryId);
    const said = (raw: unknown): unknown => {
      const decoded = decodeEvent(raw, { territoryId, regionId, personalIdSecret: 's' });
      assert.ok('events' in decoded, JSON.stringify(decoded));
      for (const { type } of decoded.events) types.add(type);
      return [decoded.id, decoded.events.flatMap(extractFacts)];
    };
    const kept = whitelistBody(body);
    assert.deepEqual(said(kept), said(body));
    const text = JSON.stringify(kept);
    for (const name of ['Caller-Caller-ID-Number', 'CC-Member-CID-Number', 'CC-Member-CID-Name', 'DTMF-Digit']) {
      const value = body[name];
      assert.ok(!text.includes(name), text);
      if (name === 'DTMF-Digit' || typeof value !== 'string' || value.length < 5) continue;
      assert.ok(!text.includes(value), text);
    }
    events += 1;
  }
  assert.ok(events > 5_000, `only ${String(events)} events`);
  for (const type of ['CALL_END', 'DTMF', 'HOLD', 'QUEUE_JOIN', 'QUEUE_LEAVE', 'AGENT_SNAPSHOT', 'API_SAMPLE'])
    assert.ok(types.has(type), `no ${type} among ${[...types].join()}`);
});
