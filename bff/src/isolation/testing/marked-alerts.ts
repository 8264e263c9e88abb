import { AT, LATER, thingsOf } from './marked-things.ts';
import type { MarkedRows } from './marked-things.ts';
import { SCOPE, SECRET_MARK } from './territories.ts';
import type { MarkedTerritory } from './territories.ts';

const ruleBody = (mark: string, queue: string): object => ({
  name: `Rule ${mark}`,
  metric: 'queue_depth',
  filters: [{ dim: 'queue_id', op: 'eq', values: [queue] }],
  window: '15m',
  op: 'gt',
  threshold: 5,
  forS: 0,
  hours: 'always',
  noData: 'ok',
  severity: 'warning',
  // Nobody evaluates it, so whatever changes in its rows was changed by the attack.
  enabled: false,
});

/** Rules, endpoints, and what has come of them. */
export function alertRows(territory: MarkedTerritory): MarkedRows[] {
  const { id: territory_id, mark } = territory;
  const version = { version: 1, updated_at: AT, updated_by: `auth0|by-${mark}` };
  const things = thingsOf(territory);
  const scopeOf = (suffix: string): object => (suffix === 'outside' ? { queues: ['q_outside'] } : SCOPE);
  const rules = things.map(([suffix, text]) => ({
    territory_id,
    id: `rule_${suffix}`,
    body: ruleBody(text, `q_${suffix}`),
    scope: scopeOf(suffix),
    ...version,
  }));
  const hooks = ['same', territory.suffix].map((name) => ({
    territory_id,
    id: `hook_${name}`,
    name: `Hook ${mark}`,
    url: `https://${mark}.example/hook`,
    secret: `${SECRET_MARK}-${mark}`,
    former_secret: `${SECRET_MARK}-former`,
    former_until: AT,
    ...version,
  }));
  const state = {
    phase: 'normal',
    sinceMs: 0,
    value: territory.number,
    crossedAtMs: null,
    ruleVersion: 1,
    problem: null,
    webhook: null,
  };
  return [
    { table: 'webhook_endpoints', rows: hooks },
    { table: 'alert_rules', rows: rules },
    {
      table: 'alert_rule_versions',
      rows: rules.map(({ id, body }) => ({ territory_id, rule_id: id, body, ...version })),
    },
    {
      table: 'alert_states',
      rows: things.map(([suffix, text]) => ({
        territory_id,
        rule_id: `rule_${suffix}`,
        number: 1,
        fence: 1,
        body: { ...state, problem: `State ${text}` },
      })),
    },
    {
      table: 'alert_transitions',
      rows: things.map(([suffix]) => ({
        territory_id,
        rule_id: `rule_${suffix}`,
        number: 1,
        fence: 1,
        kind: 'firing',
        reason: 'value',
        at: AT,
        value: territory.number,
        rule_version: 1,
      })),
    },
    {
      table: 'webhook_deliveries',
      rows: hooks.map(({ id }, at) => ({
        id: `00000000-0000-4000-8000-${String(territory_id * 10 + at).padStart(12, '0')}`,
        territory_id,
        endpoint_id: id,
        event: 'test',
        body: `{"note":"${mark}"}`,
        status: 'dead',
        attempts: 1,
        created_at: new Date().toISOString(),
        next_attempt_at: LATER,
        error: `No answer of ${mark}`,
      })),
    },
  ];
}
