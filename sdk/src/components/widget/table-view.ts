import { html } from 'lit';
import type { TemplateResult } from 'lit';

/** The contents of a tile as texts. The first column names the rows. */
export interface TableContents {
  readonly caption: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** The element of a kind, which may tell its contents. */
export interface Tabled extends HTMLElement {
  readonly toTable?: () => TableContents;
}

/** The contents of a tile as a table: what a reader of screens, or of exact numbers, asks for. */
export function tableView({ caption, columns, rows }: TableContents): TemplateResult {
  return html`<div class="data" role="group" tabindex="0" .ariaLabel=${caption}>
    <table>
      <caption class="visually-hidden">
        ${caption}
      </caption>
      <thead>
        <tr>
          ${columns.map((column) => html`<th scope="col">${column}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          ([name, ...cells]) =>
            html`<tr>
              <th scope="row">${name}</th>
              ${cells.map((text) => html`<td>${text}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}
