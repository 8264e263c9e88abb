import { msg, str } from '@lit/localize';
import type { WidgetState } from '../../client/widget-state.ts';
import type { IconName } from '../icons.ts';

/** How a state looks in the footer and in a notice. */
export const STATE_ICONS: Readonly<Record<WidgetState, IconName>> = {
  idle: 'idle',
  loading: 'clock',
  ready: 'live',
  empty: 'empty',
  late: 'clock',
  stale: 'pause',
  offline: 'offline',
  denied: 'lock',
  error: 'alert',
};

/** How old the data of a tile is, in words ready to be put into a sentence. */
export interface AgeWords {
  /** E.g. `2 s`. */
  readonly age: string;
  /** The instant the data stands for, e.g. `14:03:12`. */
  readonly asOf: string;
  /** Whether the tile follows the news; else it shows one answer, and says of which instant. */
  readonly isFollowing: boolean;
}

/** The footer's words: how old the data is, and what that means. */
export function ageText(state: WidgetState, words: AgeWords | undefined): string {
  if (state === 'idle') return msg('Nothing asked yet', { id: 'state.idle' });
  if (state === 'loading') return msg('Loading…', { id: 'state.loading' });
  if (words === undefined) {
    return state === 'offline'
      ? msg('Offline', { id: 'state.offline' })
      : msg('No data yet', { id: 'state.noDataYet' });
  }
  const { age, asOf, isFollowing } = words;
  switch (state) {
    case 'late':
      return msg(str`Late: ${age} behind`, { id: 'state.late' });
    case 'stale':
      return msg(str`Stale: data as of ${asOf}`, { id: 'state.stale' });
    case 'offline':
      return msg(str`Offline: data as of ${asOf}`, { id: 'state.offlineAsOf' });
    default:
      return isFollowing
        ? msg(str`updated ${age} ago`, { id: 'state.updated' })
        : msg(str`data as of ${asOf}`, { id: 'state.asOf' });
  }
}

/** States after which good news are worth a word. */
const BAD_NEWS: ReadonlySet<WidgetState> = new Set<WidgetState>(['late', 'stale', 'offline', 'denied', 'error']);

/** What a screen reader hears when the state changes; nothing when a tile shows its first data. */
export function announcementOf(from: WidgetState, to: WidgetState, heading: string, what: string): string {
  switch (to) {
    case 'idle':
      return '';
    case 'loading':
      return msg(str`${heading}: loading`, { id: 'announce.loading' });
    case 'ready':
      return BAD_NEWS.has(from) ? msg(str`${heading}: up to date again`, { id: 'announce.ready' }) : '';
    case 'empty':
      return msg(str`${heading}: no data in this period`, { id: 'announce.empty' });
    case 'late':
      return msg(str`${heading}: data arrives late`, { id: 'announce.late' });
    case 'stale':
      return msg(str`${heading}: data is stale, do not act on it`, { id: 'announce.stale' });
    case 'offline':
      return msg(str`${heading}: offline`, { id: 'announce.offline' });
    case 'denied':
    case 'error':
      return `${heading}: ${what}`;
  }
}
