import { msg, str } from '@lit/localize';
import type { LuminaError } from '../../client/lumina-error.ts';
import type { WidgetState } from '../../client/widget-state.ts';
import type { IconName } from '../icons.ts';

/** How a state looks in the footer. */
export const STATE_ICONS: Readonly<Record<WidgetState, IconName>> = {
  loading: 'clock',
  ready: 'live',
  empty: 'empty',
  late: 'clock',
  stale: 'pause',
  offline: 'offline',
  denied: 'lock',
  error: 'alert',
};

/** The footer's words: how old the data is, and what that means. */
export function ageText(state: WidgetState, age: string | undefined): string {
  if (state === 'loading') return msg('Loading…', { id: 'state.loading' });
  if (age === undefined) {
    return state === 'offline'
      ? msg('Offline', { id: 'state.offline' })
      : msg('No data yet', { id: 'state.noDataYet' });
  }
  switch (state) {
    case 'late':
      return msg(str`Late: data is ${age} behind`, { id: 'state.late' });
    case 'stale':
      return msg(str`Stale: not updated for ${age}`, { id: 'state.stale' });
    case 'offline':
      return msg(str`Offline: data is ${age} old`, { id: 'state.offlineAge' });
    default:
      return msg(str`updated ${age} ago`, { id: 'state.updated' });
  }
}

/** What a screen reader hears when the state changes; nothing while all is well. */
export function announcementOf(state: WidgetState, heading: string, error: LuminaError | undefined): string {
  switch (state) {
    case 'loading':
      return msg(str`${heading}: loading`, { id: 'announce.loading' });
    case 'ready':
      return '';
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
      return `${heading}: ${error === undefined ? '' : whatOf(error)}`;
  }
}

/** One sentence of what an error means. */
export function whatOf(error: LuminaError): string {
  switch (error.code) {
    case 'AUTH_REQUIRED':
    case 'TOKEN_REJECTED':
      return msg('You are signed out.', { id: 'error.auth.what' });
    case 'SCOPE_DENIED':
      return msg('You may not see this.', { id: 'error.denied.what' });
    case 'REGION_UNKNOWN':
      return msg('Your account names an unknown region.', { id: 'error.regionUnknown.what' });
    case 'REGION_UNAVAILABLE':
      return msg('Your region does not answer.', { id: 'error.region.what' });
    case 'OFFLINE':
      return msg('Lumina cannot be reached.', { id: 'error.offline.what' });
    case 'TIMEOUT':
      return msg('The answer took too long.', { id: 'error.timeout.what' });
    case 'RATE_LIMITED':
      return msg('Too many requests just now.', { id: 'error.busy.what' });
    case 'QUERY_INVALID':
    case 'NOT_FOUND':
    case 'CONFLICT':
      return msg('This widget asks for something that does not exist.', { id: 'error.query.what' });
    case 'INTERNAL':
      return msg('Something went wrong on our side.', { id: 'error.internal.what' });
  }
}

/** One sentence of what to do about it. */
export function adviceOf(error: LuminaError): string {
  switch (error.code) {
    case 'AUTH_REQUIRED':
    case 'TOKEN_REJECTED':
      return msg('Sign in again to continue.', { id: 'error.auth.do' });
    case 'SCOPE_DENIED':
    case 'REGION_UNKNOWN':
      return msg('Ask an administrator of your territory.', { id: 'error.denied.do' });
    case 'QUERY_INVALID':
    case 'NOT_FOUND':
    case 'CONFLICT':
      return msg('Check its metric, filters and range.', { id: 'error.query.do' });
    default:
      return msg('It tries again by itself.', { id: 'error.retry.do' });
  }
}
