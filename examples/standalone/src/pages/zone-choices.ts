/** Zones of one part of the world. */
export interface ZoneArea {
  readonly area: string;
  readonly zones: readonly { readonly zone: string; readonly name: string }[];
}

const UTC: ZoneArea = { area: 'UTC', zones: [{ zone: 'UTC', name: 'UTC' }] };

function areasOf(zones: readonly string[]): readonly ZoneArea[] {
  const areas = new Map<string, { zone: string; name: string }[]>();
  for (const zone of zones) {
    const [area, ...place] = zone.split('/');
    if (area === undefined || place.length === 0) continue;
    const known = areas.get(area) ?? [];
    known.push({ zone, name: place.join(', ').replaceAll('_', ' ') });
    areas.set(area, known);
  }
  return [UTC, ...[...areas].map(([area, list]) => ({ area, zones: list }))];
}

/** The zones this browser knows by part of the world, with the chosen one even where the browser lists it by another name. */
export function zoneChoices(chosen: string): readonly ZoneArea[] {
  const known = Intl.supportedValuesOf('timeZone');
  const isListed = chosen === '' || chosen === 'UTC' || known.includes(chosen);
  return areasOf(isListed ? known : [...known, chosen].sort());
}
