import { msg } from '@lit/localize';
import type { ConnectionStatus } from '../../client/live/connection-state.ts';
import type { WidgetState } from '../../client/widget-state.ts';
import type { BoardIcon } from './board-icons.ts';

type LiveStatus = Pick<ConnectionStatus, 'transport' | 'phase'>;

/** How news come in, as the toolbar says it. */
export type LiveMode =
  | 'live'
  | 'late'
  | 'stale'
  | 'connecting'
  | 'reconnecting'
  | 'paused'
  | 'offline'
  | 'polling'
  | 'closed'
  | 'idle'
  | 'interval'
  | 'off';

/** The mode of a board: how it is kept fresh, and when that is live, how the connection does. */
export function liveModeOf(refresh: string, status: LiveStatus | undefined): LiveMode {
  if (refresh === 'off') return 'off';
  if (refresh !== 'live') return status?.phase === 'offline' ? 'offline' : 'interval';
  switch (status?.phase) {
    case 'open':
      return status.transport === 'polling' ? 'polling' : 'live';
    case 'retrying':
      return 'reconnecting';
    case 'connecting':
    case undefined:
      return 'connecting';
    case 'paused':
    case 'offline':
    case 'closed':
    case 'idle':
      return status.phase;
    case 'upgrade':
      return 'closed';
  }
}

/** A connection may be well while what it brings is old: then the board says that, since it is what matters. */
export function boardModeOf(mode: LiveMode, tiles: readonly WidgetState[]): LiveMode {
  if (mode !== 'live' && mode !== 'polling' && mode !== 'interval') return mode;
  if (tiles.includes('stale')) return 'stale';
  return tiles.includes('late') ? 'late' : mode;
}

/** The word beside the icon; it is announced when it changes. */
export function liveWord(mode: LiveMode): string {
  switch (mode) {
    case 'live':
      return msg('Live', { id: 'board.live.live' });
    case 'late':
      return msg('Late data', { id: 'board.live.late' });
    case 'stale':
      return msg('Stale data', { id: 'board.live.stale' });
    case 'connecting':
      return msg('Connecting', { id: 'board.live.connecting' });
    case 'reconnecting':
      return msg('Reconnecting', { id: 'board.live.reconnecting' });
    case 'paused':
      return msg('Paused', { id: 'board.live.paused' });
    case 'offline':
      return msg('Offline', { id: 'board.live.offline' });
    case 'polling':
      return msg('Polling', { id: 'board.live.polling' });
    case 'closed':
      return msg('Disconnected', { id: 'board.live.closed' });
    case 'idle':
      return msg('Nothing live', { id: 'board.live.idle' });
    case 'interval':
      return msg('At intervals', { id: 'board.live.interval' });
    case 'off':
      return msg('Not updating', { id: 'board.live.off' });
  }
}

const ICONS: Readonly<Record<LiveMode, BoardIcon>> = {
  live: 'live',
  late: 'clock',
  stale: 'pause',
  connecting: 'connecting',
  reconnecting: 'connecting',
  paused: 'pause',
  offline: 'offline',
  polling: 'polling',
  closed: 'alert',
  idle: 'clock',
  interval: 'clock',
  off: 'pause',
};

/** The icon of a mode. */
export function liveIcon(mode: LiveMode): BoardIcon {
  return ICONS[mode];
}

const WARNINGS: ReadonlySet<LiveMode> = new Set([
  'late',
  'stale',
  'reconnecting',
  'offline',
  'paused',
  'closed',
  'off',
]);

/** How a mode is coloured: news come in, something is wrong, or neither. */
export function liveLevel(mode: LiveMode): 'good' | 'warning' | 'calm' {
  if (mode === 'live') return 'good';
  return WARNINGS.has(mode) ? 'warning' : 'calm';
}
