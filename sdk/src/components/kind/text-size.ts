import type { Density } from '../../theme/tokens.ts';

/** Size of the texts on a canvas: a wall is read from five metres. */
export function textPxOf(density: Density): number {
  return density === 'wall' ? 16 : 12;
}
