import { html, nothing } from 'lit';
import type { PropertyValues, TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { localized, msg, str } from '@lit/localize';
import { query, state } from 'lit/decorators.js';
import { formatValueText } from '../../i18n/format.ts';
import { metricTitle } from '../../i18n/metric-titles.ts';
import { baseStyles } from '../../theme/theme-styles.ts';
import { attributes } from '../kind/attributes.ts';
import { TileKind, rangeOf } from '../kind/tile-kind.ts';
import type { TileTable } from '../kind/tile-table.ts';
import { dimensionTitle } from './dimension-title.ts';
import { RowFocus } from './row-focus.ts';
import { RowOrder } from './row-order.ts';
import { rowWindowOf } from './row-window.ts';
import type { RowWindow } from './row-window.ts';
import { sparkCell, valueCell } from './table-cell.ts';
import { headerRow } from './table-header.ts';
import { columnDigits, columnMaxima, initialSort, nextSort, sortedRows, tableModelOf } from './table-rows.ts';
import type { TableModel, TableRow, TableSort } from './table-rows.ts';
import { tableCellStyles } from './table-cell.styles.ts';
import { tableStyles } from './table.styles.ts';

const EMPTY: TableModel = { columns: [], rows: [], isGrouped: false };
const DATA_INPUTS = ['view', 'labels', 'options', 'locale', 'sort'] as const;

/**
 * A table: a row per group and a column per metric, or a row per metric. Headers sort; while somebody points at or
 * stands in the table, rows change places at most every five seconds. Thresholds apply to the first column.
 *
 * @summary Groups and their metrics as a table.
 * @csspart table - The table.
 * @csspart more - The button that shows the rows beyond the limit.
 * @fires luminaselect - A row was picked, by a press or by Enter.
 */
@localized()
export class LuminaTable extends TileKind {
  static override styles = [baseStyles, tableStyles, tableCellStyles];

  @state() private sort: TableSort | undefined;
  @state() private showsAll = false;
  @state() private window: RowWindow = { from: 0, to: Number.POSITIVE_INFINITY };
  @query('.scroller') private scroller: HTMLElement | undefined;

  readonly #order = new RowOrder();
  readonly #focus = new RowFocus(
    this,
    () => this.#rows.slice(0, this.#shownCount()),
    (index) => {
      this.#reveal(index);
    },
  );
  #model: TableModel = EMPTY;
  #rows: readonly TableRow[] = [];
  #maxima: readonly number[] = [];
  #digits: readonly (0 | 1)[] = [];
  #nameLength = 0;
  #isPointedAt = false;

  override toTable(): TileTable {
    const { columns, isGrouped } = this.#model;
    const names = isGrouped ? columns.map(({ id }) => metricTitle(id)) : [msg('Value', { id: 'table.value' })];
    return {
      caption: this.heading,
      columns: [this.#firstColumn(), ...names],
      rows: this.#rows.map(({ name, cells }) => [
        name,
        ...cells.map((cell) => formatValueText(cell?.total ?? null, cell?.unit ?? 'count', this.locale)),
      ]),
    };
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('options')) {
      this.sort = initialSort(this.options);
      this.showsAll = false;
    }
    if (!DATA_INPUTS.some((name) => (changed as ReadonlyMap<PropertyKey, unknown>).has(name))) return;
    const { view } = this;
    this.#model = view === undefined ? EMPTY : tableModelOf(view, this.labels, this.options, metricTitle);
    this.#maxima = columnMaxima(this.#model, this.options);
    this.#digits = columnDigits(this.#model);
    this.#nameLength = this.#model.rows.reduce((most, { name }) => Math.max(most, name.length), 0);
    const isHeld = this.#isPointedAt || this.matches(':focus-within');
    const sort = this.sort === undefined ? '' : `${this.sort.by} ${String(this.sort.isDescending)}`;
    this.#rows = this.#order.of(sortedRows(this.#model, this.sort, this.locale), sort, isHeld);
  }

  protected override updated(): void {
    this.#moveWindow();
  }

  protected override render(): TemplateResult {
    const { columns, isGrouped } = this.#model;
    const count = this.#shownCount();
    return html`
      <div class="scroller" @scroll=${this.#moveWindow} @pointerenter=${this.#onEnter} @pointerleave=${this.#onLeave}>
        <table
          part="table"
          .style=${`--_columns:${String(columns.length)};--_name:${String(this.#nameLength)}`}
          ${attributes({ 'aria-rowcount': count + 1 })}
        >
          <caption class="visually-hidden">
            ${this.heading}
          </caption>
          <thead>
            ${headerRow({
              columns,
              isGrouped,
              first: this.#firstColumn(),
              hasSparkline: this.options.hasSparkline === true,
              sort: this.sort,
              onSort: this.#onSort,
            })}
          </thead>
          <tbody @click=${this.#onPick} @keydown=${this.#focus.onKeyDown} @focusin=${this.#focus.onFocusIn}>
            ${this.#body(count)}
          </tbody>
        </table>
      </div>
      ${this.#more(count)}
    `;
  }

  #body(count: number): TemplateResult {
    const from = Math.min(this.window.from, count);
    const to = Math.min(this.window.to, count);
    const shown = this.#rows.slice(from, to);
    const stop = this.#focus.stopOf(shown);
    const rows = shown.map((row, index) => ({ row, index: from + index, isStop: row.key === stop }));
    return html`${this.#spacer(from)}${repeat(
      rows,
      ({ row }) => row.key,
      ({ row, index, isStop }) => this.#row(row, index, isStop),
    )}${this.#spacer(count - to)}`;
  }

  /** Stands for the rows that are not in the document. */
  #spacer(rows: number): TemplateResult | typeof nothing {
    if (rows <= 0) return nothing;
    return html`<tr class="spacer" aria-hidden="true" .style=${`--rows:${String(rows)}`}>
      <td></td>
    </tr>`;
  }

  #row(row: TableRow, index: number, isStop: boolean): TemplateResult {
    const { view, locale, options } = this;
    const { columns, isGrouped } = this.#model;
    return html`<tr
      .className=${row.dimension === '' ? 'row' : 'row pickable'}
      ${attributes({ 'data-key': row.key, 'aria-rowindex': index + 2 })}
    >
      <th scope="row">
        ${
          row.dimension === ''
            ? html`<span class="name" .title=${row.name}>${row.name}</span>`
            : html`<button class="name" type="button" .title=${row.name} .tabIndex=${isStop ? 0 : -1}>
                ${row.name}
              </button>`
        }
      </th>
      ${row.cells.map((series, column) =>
        valueCell(series, {
          locale,
          thresholds: column === 0 && (isGrouped || index === 0) ? options.thresholds : undefined,
          compare: view?.compare,
          digits: this.#digits[column] ?? 0,
          largest: isGrouped ? (this.#maxima[column] ?? 0) : 0,
          isUnitInHeader: isGrouped && columns[column]?.unit === '%',
        }),
      )}
      ${options.hasSparkline === true && view !== undefined ? sparkCell(row.cells[0], view.fromMs, view.toMs) : nothing}
    </tr>`;
  }

  #more(count: number): TemplateResult | typeof nothing {
    const hidden = this.#rows.length - count;
    if (hidden <= 0) return nothing;
    return html`<button class="more" part="more" type="button" @click=${this.#onMore}>
      ${msg(str`Show ${hidden} more`, { id: 'table.more' })}
    </button>`;
  }

  #shownCount(): number {
    const limit = this.showsAll ? undefined : this.options.limit;
    return Math.min(limit ?? this.#rows.length, this.#rows.length);
  }

  #firstColumn(): string {
    const { isGrouped, rows } = this.#model;
    return isGrouped ? dimensionTitle(rows[0]?.dimension ?? '') : msg('Metric', { id: 'table.metric' });
  }

  #reveal(index: number): void {
    const { scroller } = this;
    const row = this.renderRoot.querySelector<HTMLElement>('tr.row');
    if (scroller === undefined || row === null) return;
    const head = this.renderRoot.querySelector('thead')?.getBoundingClientRect().height ?? 0;
    const top = index * row.offsetHeight;
    const bottom = top + row.offsetHeight - (scroller.clientHeight - head);
    if (scroller.scrollTop > top) scroller.scrollTop = top;
    else if (scroller.scrollTop < bottom) scroller.scrollTop = bottom;
    this.#moveWindow();
  }

  readonly #moveWindow = (): void => {
    const { scroller } = this;
    const row = this.renderRoot.querySelector<HTMLElement>('tr.row');
    if (scroller === undefined || row === null) return;
    const next = rowWindowOf(this.#shownCount(), row.offsetHeight, scroller.scrollTop, scroller.clientHeight);
    if (next.from !== this.window.from || next.to !== this.window.to) this.window = next;
  };

  readonly #onSort = (by: string): void => {
    this.sort = nextSort(by, this.sort);
  };

  readonly #onMore = (): void => {
    this.showsAll = true;
  };

  readonly #onEnter = (): void => {
    this.#isPointedAt = true;
  };

  readonly #onLeave = (): void => {
    this.#isPointedAt = false;
  };

  readonly #onPick = (event: Event): void => {
    const key = (event.target as HTMLElement).closest('tr')?.dataset['key'];
    const row = this.#rows.find((one) => one.key === key);
    if (row === undefined || row.dimension === '' || this.view === undefined) return;
    this.select({ dimension: row.dimension, value: row.value, range: rangeOf(this.view.fromMs, this.view.toMs) });
  };
}

declare global {
  interface HTMLElementTagNameMap {
    'lumina-table': LuminaTable;
  }
}
