import { msg } from '@lit/localize';
import type { TileCompare } from '../../client/tile-view.ts';

/** What a value is compared with, after "vs". */
export function versusText(compare: TileCompare): string {
  switch (compare) {
    case '1d':
      return msg('vs yesterday', { id: 'compare.vsYesterday' });
    case '7d':
      return msg('vs last week', { id: 'compare.vsLastWeek' });
    case 'previous':
      return msg('vs previous period', { id: 'compare.vsPrevious' });
  }
}

/** The name of the range that is compared with. */
export function comparedTitle(compare: TileCompare): string {
  switch (compare) {
    case '1d':
      return msg('Yesterday', { id: 'compare.yesterday' });
    case '7d':
      return msg('Last week', { id: 'compare.lastWeek' });
    case 'previous':
      return msg('Previous period', { id: 'compare.previous' });
  }
}
