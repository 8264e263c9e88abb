import { html } from 'lit';
import type { TemplateResult } from 'lit';
import { msg } from '@lit/localize';
import { placementCss, placementsOf } from './board-layout.ts';

const ROW_OF_NUMBERS = [0, 3, 6, 9].map((x) => ({ id: `n${String(x)}`, kind: 'stat' as const, x, y: 0, w: 3, h: 2 }));
const ROW_OF_CHARTS = [0, 6].map((x) => ({ id: `c${String(x)}`, kind: 'line' as const, x, y: 2, w: 6, h: 5 }));

/** Places of a usual board, for the time until the real one is known. */
const AREAS = placementsOf([...ROW_OF_NUMBERS, ...ROW_OF_CHARTS]).map(placementCss);

/** The frame of a board on its way, told to those who do not see it. */
export function boardSkeleton(): TemplateResult {
  return html`<div class="grid" part="grid" aria-busy="true">
      ${AREAS.map((css) => html`<div class="cell skeleton" .style=${css}></div>`)}
    </div>
    <p class="visually-hidden" role="status">${msg('Loading the dashboard', { id: 'board.loading' })}</p>`;
}
