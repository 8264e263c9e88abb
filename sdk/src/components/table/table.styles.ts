import { css } from 'lit';

/** Styles of `<lumina-table>`. */
export const tableStyles = css`
  :host {
    --_row-height: var(--_row-size, 36px);
    --_pad-x: 12px;
    --_spared: 106px;
    display: flex;
    flex-direction: column;
    min-width: 0;
    min-height: 0;
    height: 100%;
    container-type: inline-size;
    font-size: var(--_body-size, 13px);
    line-height: 1.4;
  }
  :host([density='compact']) {
    --_pad-x: 8px;
    --_spared: 92px;
  }
  :host([density='wall']) {
    --_pad-x: 16px;
    --_spared: 140px;
  }
  /* Out to both sides by the room in the cells, so that text lines up with the tile's title. */
  .scroller {
    flex: 0 1 auto;
    min-height: 0;
    margin-inline: calc(-1 * var(--_pad-x));
    overflow: auto;
    overscroll-behavior-x: contain;
    scrollbar-width: thin;
    scrollbar-color: var(--_border-strong) transparent;
    mask-image: linear-gradient(to top, rgb(0 0 0 / 20%), #000 var(--_fade, 0));
  }
  /* A soft edge says that there is more below; where nothing scrolls the timeline is not active. */
  @supports (animation-timeline: scroll()) {
    .scroller {
      animation: more-below linear both;
      animation-timeline: scroll(self block);
    }
  }
  @keyframes more-below {
    0%,
    96% {
      --_fade: 28px;
    }
    98%,
    100% {
      --_fade: 0px;
    }
  }
  table {
    width: 100%;
    border-spacing: 0;
    border-collapse: separate;
    font-variant-numeric: tabular-nums;
  }
  th,
  td {
    height: var(--_row-height);
    padding: 0 var(--_pad-x);
    border-block-end: 1px solid var(--_border);
    background: var(--_tile);
    text-align: start;
    white-space: nowrap;
  }
  thead th {
    position: sticky;
    inset-block-start: 0;
    z-index: 2;
    padding-inline: 0;
    border-block-end-color: var(--_border-strong);
    font-weight: 400;
    vertical-align: bottom;
  }
  tbody tr:last-child > * {
    border-block-end-color: transparent;
  }
  .head {
    display: flex;
    align-items: center;
    gap: 2px;
    width: 100%;
    min-height: var(--_row-height);
    padding: 4px var(--_pad-x);
    border: 0;
    background: none;
    font: inherit;
    font-size: var(--_small-size, 12px);
    line-height: 16px;
    color: var(--_text-muted);
    text-align: start;
    cursor: pointer;
  }
  span.head {
    cursor: default;
  }
  /* Words of two lines let all columns be alike. */
  .head .text {
    white-space: normal;
    text-wrap: balance;
  }
  .whole {
    white-space: nowrap;
  }
  .head:hover {
    color: var(--_text-strong);
  }
  .value .head,
  .spark .head {
    justify-content: flex-end;
    text-align: end;
  }
  .head svg {
    width: 12px;
    height: 12px;
    margin-inline: 2px;
    vertical-align: -2px;
    fill: none;
    stroke: currentColor;
    stroke-width: 1.8;
    stroke-linecap: round;
    stroke-linejoin: round;
    opacity: 0;
  }
  .head:hover svg,
  .head:focus-visible svg {
    opacity: 0.5;
  }
  :host([density='wall']) .head svg {
    width: 16px;
    height: 16px;
  }
  :host([density='wall']) .head {
    line-height: 24px;
  }
  [aria-sort='ascending'] .head,
  [aria-sort='descending'] .head {
    font-weight: 600;
    color: var(--_text-strong);
  }
  [aria-sort='ascending'] .head svg,
  [aria-sort='descending'] .head svg {
    opacity: 1;
  }
  [aria-sort='ascending'] .head svg {
    transform: none;
  }
  [aria-sort='descending'] .head svg,
  .value[aria-sort='none'] .head svg {
    transform: rotate(180deg);
  }
  th.first,
  tbody th {
    position: sticky;
    inset-inline-start: 0;
    z-index: 1;
    width: 28%;
    /* As wide as the longest name, as far as the values can spare it. */
    min-width: clamp(
      112px,
      min(calc(var(--_name) * 0.56em + 2 * var(--_pad-x)), calc(100cqi - var(--_columns) * var(--_spared))),
      32em
    );
    font-weight: 400;
  }
  thead th.first {
    z-index: 3;
  }
  /* No width of its own: a long name is cut before numbers are. */
  .name {
    display: block;
    width: 0;
    min-width: 100%;
    overflow: hidden;
    padding: 0;
    border: 0;
    background: none;
    font: inherit;
    color: var(--_text);
    text-align: start;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .pickable {
    cursor: pointer;
  }
  .pickable .name {
    cursor: pointer;
  }
  .pickable:hover > * {
    background: var(--_inset);
  }
  .name:focus-visible {
    outline-offset: 3px;
    border-radius: 2px;
  }
  .spacer td {
    height: calc(var(--rows) * var(--_row-height));
    padding: 0;
    border: 0;
  }
  .more {
    flex: none;
    align-self: flex-start;
    min-height: 32px;
    margin: 4px calc(-1 * var(--_pad-x)) 0;
    padding: 4px var(--_pad-x);
    border: 0;
    border-radius: 6px;
    background: none;
    font: 600 13px/18px var(--_font);
    color: var(--_accent-text);
    cursor: pointer;
  }
  .more:hover {
    background: var(--_inset);
  }
  @container (max-width: 479px) {
    .scroller {
      --_pad-x: 8px;
    }
    /* Two lines of a name say more than half of one. */
    .scroller {
      --_row-height: max(40px, var(--_row-size, 36px));
    }
    .name {
      display: -webkit-box;
      line-height: 16px;
      overflow-wrap: anywhere;
      white-space: normal;
      -webkit-box-orient: vertical;
      -webkit-line-clamp: 2;
    }
  }
  @container (max-width: 359px) {
    tbody th,
    th.first {
      min-width: 96px;
      max-width: 132px;
    }
    td.spark,
    th.spark {
      display: none;
    }
  }
`;
