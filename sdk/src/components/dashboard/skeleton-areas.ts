import { placementCss, placementsOf } from './board-layout.ts';

const ROW_OF_NUMBERS = [0, 3, 6, 9].map((x) => ({ id: `n${String(x)}`, kind: 'stat' as const, x, y: 0, w: 3, h: 2 }));
const ROW_OF_CHARTS = [0, 6].map((x) => ({ id: `c${String(x)}`, kind: 'line' as const, x, y: 2, w: 6, h: 5 }));

/** Places of a usual board, for the time until the real one is known. */
export const SKELETON_AREAS: readonly string[] = placementsOf([...ROW_OF_NUMBERS, ...ROW_OF_CHARTS]).map(placementCss);
