import { html, nothing, svg } from 'lit';
import type { TemplateResult } from 'lit';
import { msg } from '@lit/localize';
import type { TileMetric } from '../../client/tile-view.ts';
import { metricTitle } from '../../i18n/metric-titles.ts';
import { SORT_BY_NAME } from './table-rows.ts';
import type { TableSort } from './table-rows.ts';

/** What the header shows and whom it tells. */
export interface HeaderView {
  readonly columns: readonly TileMetric[];
  readonly isGrouped: boolean;
  /** Name of the first column. */
  readonly first: string;
  readonly hasSparkline: boolean;
  readonly sort: TableSort | undefined;
  readonly onSort: (by: string) => void;
}

const ARROW = svg`<path d="M8 12.5v-9M4.5 7L8 3.5 11.5 7"></path>`;

const VALUES_PERCENT = 72;

/** The header: each name is a button that sorts, and says how the column is sorted. */
export function headerRow(view: HeaderView): TemplateResult {
  const { columns, isGrouped, first } = view;
  // Equal shares, where the words allow it, so that bars of different columns can be told apart at a glance.
  const css = `width:${(VALUES_PERCENT / columns.length).toFixed(2)}%`;
  return html`<tr>
    ${headerCell(view, { by: SORT_BY_NAME, title: first, unit: '', className: 'first', css: '' })}
    ${
      isGrouped
        ? columns.map(({ id, unit }) =>
            headerCell(view, {
              by: id,
              title: metricTitle(id),
              unit: unit === '%' ? '%' : '',
              className: 'value',
              css,
            }),
          )
        : html`<th scope="col" class="value"><span class="head">${msg('Value', { id: 'table.value' })}</span></th>`
    }
    ${
      view.hasSparkline
        ? html`<th scope="col" class="spark" aria-hidden="true">
            <span class="head">${msg('Course', { id: 'table.course' })}</span>
          </th>`
        : nothing
    }
  </tr>`;
}

interface Column {
  readonly by: string;
  readonly title: string;
  readonly unit: string;
  readonly className: string;
  /** Declarations of its width. */
  readonly css: string;
}

function headerCell({ sort, onSort }: HeaderView, { by, title, unit, className, css }: Column): TemplateResult {
  const isSorted = sort?.by === by;
  const order = isSorted ? (sort.isDescending ? 'descending' : 'ascending') : 'none';
  return html`<th scope="col" .className=${className} .style=${css} .ariaSort=${order}>
    <button
      class="head"
      type="button"
      .title=${title}
      @click=${() => {
        onSort(by);
      }}
    >
      ${words(title, unit, className)}
    </button>
  </th>`;
}

/** A title that may stand in several lines; its arrow and its unit never stand alone. */
function words(title: string, unit: string, className: string): TemplateResult {
  const arrow = html`<svg viewBox="0 0 16 16" aria-hidden="true">${ARROW}</svg>`;
  const parts = title.split(' ');
  const first = html`<span class="whole">${className === 'value' ? arrow : nothing}${parts[0]}</span>`;
  const last = html`<span class="whole"
    >${parts.slice(1).at(-1)}${unit === '' ? nothing : html`<span class="unit"> ${unit}</span>`}${
      className === 'value' ? nothing : arrow
    }</span
  >`;
  if (parts.length < 2) return html`<span class="text">${first}${last}</span>`;
  return html`<span class="text">${first} ${parts.slice(1, -1).join(' ')} ${last}</span>`;
}
