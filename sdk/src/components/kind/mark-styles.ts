import { css } from 'lit';

/**
 * Tones for areas and thick strokes. Tones of text are dark enough for small letters, and look muddy on a whole bar;
 * these hold 3:1 and keep the pure tones where contrast comes first.
 */
export const markStyles = css`
  :host {
    --_mark-good: color-mix(in srgb, var(--_good) 62%, #10b865);
    --_mark-warning: color-mix(in srgb, var(--_warning) 50%, #f09a00);
    --_mark-critical: color-mix(in srgb, var(--_critical) 60%, #ff3b30);
    --_mark-info: color-mix(in srgb, var(--_info) 70%, #2f8fff);
  }
  :host([theme='contrast']) {
    --_mark-good: var(--_good);
    --_mark-warning: var(--_warning);
    --_mark-critical: var(--_critical);
    --_mark-info: var(--_info);
  }
`;
