import { defaultSettings } from '@lumina/contracts';
import { alertRows } from './marked-alerts.ts';
import { dashboardRows } from './marked-boards.ts';
import { keyRows, peopleRows } from './marked-people.ts';
import { AT, thingsOf } from './marked-things.ts';
import type { MarkedRows } from './marked-things.ts';
import { DISTANT, NEIGHBOUR, OUTSIDE_MARK, OWN, SECRET_MARK } from './territories.ts';
import type { MarkedTerritory } from './territories.ts';

function directoryRows(territory: MarkedTerritory): MarkedRows[] {
  const { id: territory_id, mark } = territory;
  // Marked ids too: what lists names must not tell the ids of others.
  const things = [...thingsOf(territory), [mark, mark] as const];
  if (territory.id === OWN.id) things.push([OUTSIDE_MARK, OUTSIDE_MARK]);
  const named = (prefix: string, kind: string): Record<string, unknown>[] =>
    things.map(([suffix, text]) => ({
      territory_id,
      id: `${prefix}_${suffix}`,
      name: `${kind} ${text}`,
      external_id: `x-${text}-${suffix}`,
      unnamed: false,
    }));
  const teamOf = (suffix: string): string => (suffix.includes('outside') ? 't_outside' : 't_same');
  return [
    { table: 'queues', rows: named('q', 'Queue') },
    { table: 'teams', rows: named('t', 'Team') },
    {
      table: 'agents',
      rows: named('ag', 'Agent').map((row, at) => ({ ...row, team_id: teamOf(things[at]?.[0] ?? '') })),
    },
    { table: 'trunks', rows: named('tr', 'Trunk') },
    {
      table: 'queue_members',
      rows: things.map(([suffix]) => ({
        territory_id,
        queue_id: suffix.includes('outside') ? 'q_outside' : 'q_same',
        agent_id: `ag_${suffix}`,
        valid_from: '2020-01-01T00:00:00Z',
      })),
    },
  ];
}

function ruleRows({ id: territory_id, mark, number, suffix }: MarkedTerritory): MarkedRows[] {
  const version = { version: 1, updated_at: AT, updated_by: `auth0|by-${mark}` };
  const metrics = ['same', suffix].map((name) => ({
    territory_id,
    id: `custom:${name}`,
    body: { title: `Metric ${mark}`, formula: 'answered / calls * 100', unit: '%' },
    ...version,
  }));
  const body = {
    ...defaultSettings('Europe/London'),
    holidays: [{ date: '2030-12-25', name: `Holiday ${mark}`, hours: [] }],
    targets: [{ metric: 'queue_depth', queueId: `q_${mark}`, value: number }],
  };
  const settings = { territory_id, definitions_version: 0, body, ...version };
  return [
    { table: 'custom_metrics', rows: metrics },
    { table: 'custom_metric_versions', rows: metrics.map(({ id, ...rest }) => ({ ...rest, metric_id: id })) },
    { table: 'settings', rows: [settings] },
    { table: 'settings_versions', rows: [settings] },
    {
      table: 'audit_events',
      rows: [
        {
          territory_id,
          action: 'export',
          actor_sub: `auth0|${mark}`,
          actor_roles: ['admin'],
          reason: `Because of ${mark}`,
          target_kind: 'dashboard',
          target_id: `board_${mark}`,
          detail: { note: mark },
        },
      ],
    },
  ];
}

/** Everything that a territory of the attack has in the configuration store. */
export function markedRows(territory: MarkedTerritory): readonly MarkedRows[] {
  const { id, regionId, mark } = territory;
  return [
    {
      table: 'territories',
      rows: [{ territory_id: id, region_id: regionId, name: `Land ${mark}`, time_zone: 'Europe/London' }],
    },
    ...directoryRows(territory),
    ...dashboardRows(territory),
    ...peopleRows(territory),
    ...keyRows(territory),
    ...alertRows(territory),
    ...ruleRows(territory),
  ];
}

/** Marks that nobody of the own territory may ever be told. */
export const FOREIGN_MARKS: readonly string[] = [NEIGHBOUR, DISTANT]
  .flatMap(({ mark, number }) => [mark, String(number)])
  .concat(SECRET_MARK);
