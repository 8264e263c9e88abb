import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { EVENT_TYPES } from '@lumina/contracts';
import { EVENT_SCHEMAS } from '@lumina/contracts/schemas';
import { Compile } from 'typebox/compile';
import { createSimulation } from '../simulation.ts';
import type { Body } from '../world/wire.ts';

const START_MS = Date.parse('2026-03-10T14:00:00Z');

const isType = (type: string): type is keyof typeof EVENT_SCHEMAS => type in EVENT_SCHEMAS;

describe('formats', () => {
  let bodies: Body[] = [];
  let raw: Body[] = [];
  let info: Body[] = [];

  before(() => {
    const options = { startMs: START_MS, endMs: START_MS + 7_200_000, territories: [101] };
    bodies = [...createSimulation(options)].map((delivery) => delivery.body);
    raw = bodies.filter((body) => body['Event-Name'] !== undefined);
    info = raw.filter((body) => body['Event-Subclass'] === 'callcenter::info');
  });

  it('writes envelopes that the schemas accept, from the sources that may send them', () => {
    const checks = new Map(Object.entries(EVENT_SCHEMAS).map(([type, schema]) => [type, Compile(schema)]));
    const types = new Set<string>();
    for (const body of bodies.filter((one) => one['v'] === 1)) {
      const type = String(body['type']);
      assert.ok(isType(type), type);
      assert.ok(checks.get(type)?.Check(body), JSON.stringify(body));
      assert.ok(
        (EVENT_TYPES[type] as readonly unknown[]).includes(body['source']),
        `${type} from ${String(body['source'])}`,
      );
      types.add(type);
    }
    for (const type of [
      'AGENT_STATE',
      'AGENT_ACW',
      'QUEUE_SNAPSHOT',
      'API_SAMPLE',
      'IVR_INTERACTION',
      'CAI_CONVERSATION',
    ]) {
      assert.ok(types.has(type), type);
    }
  });

  it('writes FreeSWITCH events as flat strings, numbered without repetition', () => {
    const sequences = raw.map((body) => Number(body['Event-Sequence']));
    assert.equal(new Set(sequences).size, sequences.length);
    assert.equal(new Set(raw.map((body) => body['Core-UUID'])).size, 1);
    for (const body of raw) {
      for (const [name, value] of Object.entries(body)) assert.equal(typeof value, 'string', name);
      assert.equal(body['variable_territory_id'], '101');
      assert.equal(body['variable_region_id'], '1');
      assert.match(String(body['Event-Date-Timestamp']), /^\d{16}$/);
    }
  });

  it('marks every leg of an agent, those that look like calls of their own included', () => {
    const legs = raw.filter((body) => body['variable_cc_side'] === 'agent');
    const looksLikeCall = legs.filter((body) => body['Unique-ID'] === body['Channel-Call-UUID']);
    assert.ok(looksLikeCall.length > 0 && looksLikeCall.length < legs.length);
  });

  it('ends each call once, with the times that its duration is counted from', () => {
    const ends = raw.filter(
      (body) => body['Event-Name'] === 'CHANNEL_HANGUP_COMPLETE' && body['variable_cc_side'] !== 'agent',
    );
    assert.ok(ends.length > 300);
    assert.equal(new Set(ends.map((body) => body['Unique-ID'])).size, ends.length);
    for (const body of ends) {
      assert.equal(body['Unique-ID'], body['Channel-Call-UUID']);
      assert.ok(Number(body['Caller-Channel-Hangup-Time']) >= Number(body['Caller-Channel-Created-Time']));
    }
    assert.ok(ends.some((body) => body['Call-Direction'] === 'outbound'));
  });

  it('keeps joins and answers on whole seconds, where mod_callcenter tells no more', () => {
    for (const body of info) {
      const atMs = Number(body['Event-Date-Timestamp']) / 1000;
      if (body['CC-Action'] === 'member-queue-start') assert.equal(atMs % 1000, 0);
      if (body['CC-Action'] === 'bridge-agent-start') assert.equal(atMs, Number(body['CC-Agent-Answered-Time']) * 1000);
      if (body['CC-Cause'] === 'Terminated') assert.equal(atMs, Number(body['CC-Member-Leaving-Time']) * 1000);
    }
  });

  it('has resumes within a minute of the abandon they name, and some that name none', () => {
    const resumes = info.filter((body) => body['CC-Action'] === 'member-queue-resume');
    const named = resumes.filter((body) => body['Lumina-Undoes-Stay'] !== undefined);
    assert.ok(named.length > 0 && named.length < resumes.length);
    for (const body of named) {
      const ageMs = Number(body['Event-Date-Timestamp']) / 1000 - Number(body['Lumina-Undoes-Time']);
      assert.ok(ageMs > 0 && ageMs <= 60_000);
      const [member, session] = String(body['Lumina-Undoes-Stay']).split(':');
      assert.equal(member, body['CC-Member-UUID']);
      assert.notEqual(session, body['CC-Member-Session-UUID']);
      assert.equal(Number(body['Lumina-Undoes-Joined']) % 1000, 0);
    }
  });

  it('has undone answers, some given up on and some answered by another agent', () => {
    const undone = info.filter((body) => body['CC-Agent-Bridged'] === 'false').map((body) => body['CC-Member-UUID']);
    const causes = info
      .filter((body) => body['CC-Action'] === 'member-queue-end' && undone.includes(body['CC-Member-UUID']))
      .map((body) => body['CC-Cancel-Reason'] ?? body['CC-Cause']);
    assert.ok(causes.includes('NONE') && causes.includes('Terminated'));
  });

  it('has every way out of a queue', () => {
    const reasons = new Set(info.map((body) => body['CC-Cancel-Reason']));
    for (const reason of ['BREAK_OUT', 'NONE', 'TIMEOUT', 'NO_AGENT_TIMEOUT', 'EXIT_WITH_KEY']) {
      assert.ok(reasons.has(reason), reason);
    }
    assert.ok(bodies.some((body) => body['type'] === 'QUEUE_LEAVE' && body['outcome'] === 'callback'));
  });

  it('cuts snapshots by whole queues and teams that never change their part', () => {
    const partOf = new Map<string, unknown>();
    for (const body of bodies.filter((one) => one['type'] === 'QUEUE_SNAPSHOT' || one['type'] === 'AGENT_SNAPSHOT')) {
      const things = (body['queues'] ?? body['agents']) as { queueId?: string; teamId?: string }[];
      for (const thing of things) {
        const id = thing.queueId ?? thing.teamId ?? '';
        assert.equal(partOf.get(id) ?? body['part'], body['part']);
        partOf.set(id, body['part']);
      }
    }
    assert.equal(partOf.size, 10);
    assert.equal(new Set(partOf.values()).size, 2);
  });

  it('repeats the start of a state verbatim in the next change and in snapshots', () => {
    const since = new Map<unknown, unknown>();
    for (const body of bodies) {
      if (body['type'] === 'AGENT_STATE') {
        const previous = body['previous'] as Body;
        assert.equal(previous['since'], since.get(body['agentId']) ?? previous['since']);
        since.set(body['agentId'], body['since']);
      }
      if (body['type'] !== 'AGENT_SNAPSHOT') continue;
      for (const agent of body['agents'] as Body[]) {
        assert.equal(agent['since'], since.get(agent['agentId']) ?? agent['since']);
      }
    }
    assert.ok(since.size > 20);
  });
});
