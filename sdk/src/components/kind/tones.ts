import { msg } from '@lit/localize';
import type { Tone } from '@lumina/contracts';
import type { IconName } from '../icons.ts';

/** The sign of a tone. */
export const TONE_ICONS: Readonly<Record<Tone, IconName>> = {
  good: 'check',
  warning: 'alert',
  critical: 'miss',
  info: 'live',
};

/** The word of a tone. */
export function toneWord(tone: Tone): string {
  switch (tone) {
    case 'good':
      return msg('Good', { id: 'tone.good' });
    case 'warning':
      return msg('Warning', { id: 'tone.warning' });
    case 'critical':
      return msg('Critical', { id: 'tone.critical' });
    case 'info':
      return msg('Note', { id: 'tone.info' });
  }
}
