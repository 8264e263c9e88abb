import { msg } from '@lit/localize';
import type { ConnectionStatus } from '../../client/live/connection-state.ts';
import type { BoardIcon } from './board-icons.ts';

type LiveStatus = Pick<ConnectionStatus, 'transport' | 'phase'>;

/** How news come in, as the toolbar says it. */
export type LiveMode =
  'live' | 'connecting' | 'reconnecting' | 'paused' | 'offline' | 'polling' | 'closed' | 'idle' | 'interval' | 'off';

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
  }
}

/** The word beside the icon; it is announced when it changes. */
export function liveWord(mode: LiveMode): string {
  switch (mode) {
    case 'live':
      return msg('Live', { id: 'board.live.live' });
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

const WARNINGS: ReadonlySet<LiveMode> = new Set(['reconnecting', 'offline', 'paused', 'closed', 'off']);

/** How a mode is coloured: news come in, something is wrong, or neither. */
export function liveLevel(mode: LiveMode): 'good' | 'warning' | 'calm' {
  if (mode === 'live') return 'good';
  return WARNINGS.has(mode) ? 'warning' : 'calm';
}
