import { css } from 'lit';

/** Styles of `<lumina-widget>`: the tile, its header and footer, and how each state changes the whole of it. */
export const widgetStyles = css`
  :host {
    --_tile-min: 192px;
    display: block;
    container-type: inline-size;
    min-width: 0;
    min-height: var(--lumina-tile-min-height, var(--_tile-min));
  }
  :host([kind='line']),
  :host([kind='bar']),
  :host([kind='table']) {
    --_tile-min: 280px;
  }
  :host([kind='gauge']) {
    --_tile-min: 220px;
  }
  :host([density='compact']) {
    --_tile-min: 164px;
  }
  :host([density='compact']:is([kind='line'], [kind='bar'], [kind='table'], [kind='gauge'])) {
    --_tile-min: 200px;
  }
  :host([density='wall']) {
    --_tile-min: 272px;
  }
  :host([density='wall']:is([kind='line'], [kind='bar'], [kind='table'], [kind='gauge'])) {
    --_tile-min: 360px;
  }
  .tile {
    position: relative;
    display: flex;
    flex-direction: column;
    height: 100%;
    min-height: inherit;
    padding: calc(var(--_pad-size) - 2px) var(--_pad-size) calc(var(--_pad-size) - 6px);
    overflow: hidden;
    border: 1px solid var(--_border);
    border-radius: var(--_radius);
    background: var(--_tile);
    font-size: var(--_body-size);
  }
  header {
    position: relative;
    margin-block-end: 10px;
    line-height: 1.4;
  }
  :host([density='compact']) header {
    margin-block-end: 4px;
  }
  /* One line: where there is no room for a few letters of the subtitle, it falls into the second, which is not shown. */
  .titles {
    display: flex;
    flex-wrap: wrap;
    align-items: baseline;
    gap: 0 8px;
    height: 1.4em;
    overflow: hidden;
    font-size: var(--_title-size);
  }
  h3 {
    flex: 0 1 auto;
    max-width: 100%;
    margin: 0;
    overflow: hidden;
    font-size: inherit;
    font-weight: 600;
    line-height: inherit;
    color: var(--_text);
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .subtitle {
    flex: 1 1 5em;
    min-width: 0;
    overflow: hidden;
    font-size: var(--_small-size);
    line-height: calc(1.4 * var(--_title-size));
    color: var(--_text-muted);
    text-align: end;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .body {
    flex: 1;
    min-height: 0;
    display: flex;
    flex-direction: column;
  }
  .body > .kind {
    flex: 1;
    min-height: 0;
  }
  /* The drawing keeps its place below the table, so that the tile keeps its height. */
  .body.as-table {
    position: relative;
  }
  .body.as-table > .kind {
    visibility: hidden;
  }
  footer {
    display: flex;
    align-items: center;
    gap: 6px;
    min-height: 20px;
    margin-block-start: 6px;
    font-size: var(--_small-size);
    line-height: 1.35;
    color: var(--_text-muted);
  }
  .age {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  /* How old an old number is may take a second line; it is never cut off. */
  :host(:is([state='late'], [state='stale'], [state='offline'])) .age {
    white-space: normal;
  }
  .partly,
  .note {
    display: inline-flex;
    flex: none;
    align-items: center;
    gap: 4px;
    color: var(--_warning);
  }
  .end {
    display: inline-flex;
    flex: none;
    align-items: center;
    gap: 4px;
    margin-inline-start: auto;
  }
  .zone {
    padding: 0 6px;
    border: 1px solid var(--_border-strong);
    border-radius: 999px;
    line-height: 16px;
    white-space: nowrap;
  }
  svg {
    flex: none;
    width: 14px;
    height: 14px;
    fill: none;
    stroke: currentColor;
    stroke-width: 1.5;
    stroke-linecap: round;
    stroke-linejoin: round;
  }
  :host([density='wall']) footer svg {
    width: 18px;
    height: 18px;
  }
  :host([state='ready']) footer > svg {
    color: var(--_good);
  }

  /* Asks for nothing: an outline of a tile. */
  :host([state='idle']) .tile {
    border-style: dashed;
    border-color: var(--_text-muted);
  }

  /* Not current: a hatched edge, a coloured foot and words, so that nobody acts on an old number. */
  .edge {
    display: none;
    position: absolute;
    inset: 0 0 auto;
    height: 6px;
    forced-color-adjust: none;
  }
  :host([state='late']) .edge {
    display: block;
    height: 3px;
    background: repeating-linear-gradient(135deg, var(--_warning-mark) 0 6px, var(--_warning-surface) 6px 12px);
  }
  :host([state='stale']) .edge {
    display: block;
    background: repeating-linear-gradient(135deg, var(--_warning-mark) 0 6px, var(--_warning-surface) 6px 12px);
  }
  :host([state='offline']) .edge {
    display: block;
    background: repeating-linear-gradient(135deg, var(--_text-muted) 0 6px, var(--_inset) 6px 12px);
  }
  :host([state='denied']) .edge,
  :host([state='error']) .edge {
    display: block;
    height: 3px;
    background: var(--_critical-mark);
  }
  :host([state='denied']) .edge {
    background: var(--_text-muted);
  }
  :host([state='late']) footer {
    color: var(--_warning);
  }
  :host([state='stale']) .tile {
    border-color: var(--_warning-mark);
  }
  :host([state='offline']) .tile {
    border-color: var(--_border-strong);
  }
  :host([state='stale']) footer,
  :host([state='offline']) footer {
    margin: 6px calc(-1 * var(--_pad-size)) calc(6px - var(--_pad-size));
    padding: 6px var(--_pad-size);
    font-weight: 600;
  }
  :host([state='stale']) footer {
    background: var(--_warning-surface);
    color: var(--_warning);
  }
  :host([state='offline']) footer {
    background: var(--_inset);
    color: var(--_text);
  }
  .data {
    position: absolute;
    inset: 0;
    overflow: auto;
  }
  .data table {
    width: 100%;
    border-collapse: collapse;
    font-size: var(--_small-size);
    color: var(--_text);
  }
  .data :is(th, td) {
    padding: 4px 8px;
    border-block-end: 1px solid var(--_border);
    font-weight: 400;
    text-align: end;
    white-space: nowrap;
  }
  .data :is(th, td):first-child {
    padding-inline-start: 0;
    text-align: start;
  }
  .data :is(th, td):last-child {
    padding-inline-end: 0;
  }
  .data thead th {
    position: sticky;
    inset-block-start: 0;
    background: var(--_tile);
    font-weight: 600;
    color: var(--_text-muted);
  }
`;
