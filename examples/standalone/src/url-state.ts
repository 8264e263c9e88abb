const CALENDAR = ['today', 'yesterday', 'thisWeek', 'lastWeek', 'thisMonth', 'lastMonth', 'sinceOpening'];
const LAST = /^[1-9]\d{0,5}[smhd]$/u;
const VARIABLE = /^var-([a-z][A-Za-z0-9_]{0,39})$/u;
/** What a filter takes. */
const MAX_VALUES = 100;
const INSTANT = String.raw`\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})`;
const SPAN = new RegExp(`^${INSTANT}/${INSTANT}$`, 'u');

/** What of a board is in its address, so that a link shows the same board to somebody else. */
export interface BoardView {
  /** `1h`, `today`, or two instants with a slash between them; absent: the board's own. */
  readonly range?: string;
  /** IANA name; absent: the one of the settings, else the board's, else the territory's. */
  readonly zone?: string;
  /** Chosen values of the board's variables, `var-queue=q1` in the address; an empty list is everything. */
  readonly variables?: Readonly<Record<string, readonly string[]>>;
  /** Full screen without the rail. */
  readonly isWall: boolean;
}

/** Whether a range is one that a board can be asked for. */
export function isRange(text: string): boolean {
  return LAST.test(text) || CALENDAR.includes(text) || SPAN.test(text);
}

/** Whether this browser knows a time zone. */
export function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

/** `?var-queue=q1&var-queue=q2`; an empty value alone is everything. */
function readVariables(query: URLSearchParams): BoardView['variables'] {
  const names = [...new Set(query.keys())].flatMap((key) => VARIABLE.exec(key)?.[1] ?? []);
  if (names.length === 0) return undefined;
  return Object.fromEntries(
    names.map((name) => [
      name,
      query
        .getAll(`var-${name}`)
        .filter((value) => value !== '')
        .slice(0, MAX_VALUES),
    ]),
  );
}

/** Reads the query of an address; what no board can show is left out. */
export function readBoardView(search: string): BoardView {
  const query = new URLSearchParams(search);
  // A plus in an address reads as a space, and instants may have one.
  const range = (query.get('range') ?? '').replaceAll(' ', '+');
  const zone = query.get('zone') ?? '';
  const variables = readVariables(query);
  return {
    ...(isRange(range) ? { range } : {}),
    ...(zone !== '' && isTimeZone(zone) ? { zone } : {}),
    ...(variables === undefined ? {} : { variables }),
    isWall: query.get('view') === 'wall',
  };
}

/** Writes the query of an address, with its question mark; empty when all is as the board says. */
export function writeBoardView({ range, zone, variables = {}, isWall }: BoardView): string {
  const pairs = [
    ...(range === undefined ? [] : [`range=${encodeURIComponent(range)}`]),
    // Slashes may stand in a query, and a zone reads better with its own.
    ...(zone === undefined ? [] : [`zone=${encodeURIComponent(zone).replaceAll('%2F', '/')}`]),
    ...Object.entries(variables).flatMap(([name, values]) =>
      (values.length === 0 ? [''] : values).map((value) => `var-${name}=${encodeURIComponent(value)}`),
    ),
    ...(isWall ? ['view=wall'] : []),
  ];
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`;
}
