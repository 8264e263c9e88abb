import { msg } from '@lit/localize';
import { isTimeZone } from '../../i18n/time-zone.ts';
import type { MenuGroup, MenuOption } from './menu.ts';
import { allTimeZones, browserTimeZone, zoneOffset } from './zoned-time.ts';

/** Places that browsers still list under a name they no longer have. */
const RENAMED: Readonly<Record<string, string>> = {
  'America/Buenos_Aires': 'America/Argentina/Buenos_Aires',
  'Asia/Calcutta': 'Asia/Kolkata',
  'Asia/Katmandu': 'Asia/Kathmandu',
  'Asia/Rangoon': 'Asia/Yangon',
  'Asia/Saigon': 'Asia/Ho_Chi_Minh',
  'Atlantic/Faeroe': 'Atlantic/Faroe',
  'Europe/Kiev': 'Europe/Kyiv',
  'Pacific/Truk': 'Pacific/Chuuk',
};

function newNameOf(zone: string): string {
  const name = RENAMED[zone];
  return name !== undefined && isTimeZone(name) ? name : zone;
}

const readable = (zone: string): string => zone.replaceAll('_', ' ');

/** The zones of the menu: the board's own, UTC and the browser's at once, all others by search. */
export function zoneGroups(own: string, current: string, nowMs: number): readonly MenuGroup[] {
  const optionOf = (zone: string, name: string): MenuOption => ({
    value: zone,
    name,
    detail: () => zoneOffset(zone, nowMs),
  });
  const first = new Map<string, string>([[own, readable(own)]]);
  for (const zone of ['UTC', browserTimeZone(), current]) if (!first.has(zone)) first.set(zone, readable(zone));
  return [
    {
      title: msg('This board, UTC, this device', { id: 'board.zone.near' }),
      options: [...first].map(([zone, name]) => optionOf(zone, name)),
    },
    { title: msg('All zones', { id: 'board.zone.all' }), options: lazily(first, optionOf), isFound: true },
  ];
}

let all: readonly string[] | undefined;

function lazily(
  first: ReadonlyMap<string, string>,
  optionOf: (zone: string, name: string) => MenuOption,
): readonly MenuOption[] {
  all ??= [...new Set(allTimeZones().map(newNameOf))];
  return all.filter((zone) => !first.has(zone)).map((zone) => optionOf(zone, readable(zone)));
}
