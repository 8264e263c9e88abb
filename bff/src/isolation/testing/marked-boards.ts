import { AT, thingsOf } from './marked-things.ts';
import type { MarkedRows } from './marked-things.ts';
import { PRIVATE_MARK } from './territories.ts';
import type { MarkedTerritory } from './territories.ts';

const boardBody = (mark: string): object => ({
  schemaVersion: 1,
  title: `Board ${mark}`,
  widgets: [
    {
      id: 'a',
      kind: 'table',
      title: `Widget ${mark}`,
      query: { ref: 'a', metrics: ['call_count'], groupBy: ['queue_id'] },
      x: 0,
      y: 0,
      w: 3,
      h: 2,
    },
  ],
});

/** Boards, shared and private, and what belongs to them. */
export function dashboardRows(territory: MarkedTerritory): MarkedRows[] {
  const { id: territory_id, mark } = territory;
  // To whoever has a scope, boards outside of it are no secret: they tell of questions, not of rows.
  const boards = thingsOf(territory).map(([suffix]) => ({
    suffix,
    text: mark,
    owner: 'auth0|owner',
    visibility: 'territory',
  }));
  const all = [
    ...boards,
    { suffix: 'private', text: `${PRIVATE_MARK} ${mark}`, owner: 'auth0|someone', visibility: 'private' },
  ];
  const version = { version: 1, updated_at: AT, updated_by: `auth0|by-${mark}` };
  const rows = all.map(({ suffix, text, owner, visibility }) => ({
    territory_id,
    id: `board_${suffix}`,
    title: `Board ${text}`,
    body: boardBody(text),
    owner_sub: owner,
    visibility,
    folder: '',
    everyone_may: 'edit',
    is_template: false,
    ...version,
  }));
  return [
    { table: 'dashboards', rows },
    {
      table: 'dashboard_versions',
      rows: rows.map(({ id, title, body }) => ({ territory_id, dashboard_id: id, title, body, ...version })),
    },
    {
      table: 'dashboard_grants',
      rows: rows.map(({ id }) => ({
        territory_id,
        dashboard_id: id,
        grantee_kind: 'user',
        grantee: `auth0|${mark}`,
        may: 'view',
      })),
    },
    {
      table: 'dashboard_drafts',
      rows: all.map(({ suffix, text }) => ({
        territory_id,
        dashboard_id: `board_${suffix}`,
        id: `draft_${suffix}`,
        base_version: 1,
        title: `Draft ${text}`,
        body: boardBody(text),
        created_at: AT,
        author: suffix === 'private' ? 'auth0|someone' : 'auth0|editor',
      })),
    },
    {
      table: 'widget_templates',
      rows: [
        {
          id: `w_${territory.suffix}`,
          territory_id,
          title: `Template ${mark}`,
          body: { kind: 'stat', note: mark },
          ...version,
        },
      ],
    },
  ];
}
