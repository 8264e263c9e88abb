import { TOKENS } from '../sdk/src/theme/tokens.ts';

/** Themes that have colours of their own: what runs and pictures go through. `auto` is one of the first two. */
export const THEMES = Object.keys(TOKENS);
