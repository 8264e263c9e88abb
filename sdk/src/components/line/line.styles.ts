import { css } from 'lit';

/** Styles of `<lumina-line>`. */
export const lineStyles = css`
  :host {
    display: flex;
    flex-direction: column;
    min-height: 0;
    height: 100%;
  }
  .frame {
    display: grid;
    flex: 1;
    min-height: 0;
  }
  .frame.top {
    grid-template: auto minmax(0, 1fr) / minmax(0, 1fr);
    gap: 8px;
  }
  .frame.direct {
    grid-template: minmax(0, 1fr) / minmax(0, 1fr) auto;
  }
  .frame.side {
    grid-template: minmax(0, 1fr) / minmax(0, 1fr) minmax(140px, 27%);
    gap: 16px;
  }
  ul {
    margin: 0;
    padding: 0;
    list-style: none;
    font-size: 12px;
    line-height: 18px;
    color: var(--_text);
  }
  li {
    display: flex;
    align-items: center;
    gap: 6px;
    min-width: 0;
  }
  .legend {
    display: flex;
    flex-wrap: wrap;
    gap: 2px 16px;
  }
  .legend.long {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(124px, 1fr));
    align-content: start;
    max-height: 58px;
    overflow: hidden auto;
    scrollbar-width: thin;
    overscroll-behavior: contain;
  }
  .side .legend.long {
    grid-template-columns: minmax(0, 1fr);
    grid-area: 1 / 2;
    max-height: none;
    min-height: 0;
    padding-inline-end: 4px;
  }
  .side .plot {
    grid-area: 1 / 1;
  }
  .ends {
    position: relative;
    display: grid;
    align-content: start;
    max-width: 190px;
  }
  .ends li {
    grid-area: 1 / 1;
    height: 18px;
    padding-inline-start: 4px;
  }
  .ends .last {
    min-width: 4ch;
  }
  .ends .goal {
    color: var(--_text-muted);
    white-space: nowrap;
  }
  .key {
    flex: none;
    width: 10px;
    height: 3px;
    border-radius: 2px;
    background: var(--_key);
  }
  .ends.anonymous .key,
  .anonymous .name {
    display: none;
  }
  .name {
    overflow: hidden;
    max-width: 22ch;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .last {
    flex: none;
    font-weight: 600;
    color: var(--_text-strong);
  }
  .long .name {
    max-width: none;
  }
  .long .last,
  .card .last {
    margin-inline-start: auto;
    padding-inline-start: 8px;
  }
  .compared {
    flex: none;
    min-width: 5ch;
    color: var(--_text-muted);
    text-align: end;
  }
  .chosen .name {
    color: var(--_text-strong);
    font-weight: 600;
  }
  .plot {
    position: relative;
    min-height: 96px;
    border-radius: 4px;
    touch-action: pan-y;
  }
  canvas {
    position: absolute;
    inset: 0;
    width: 100%;
    height: 100%;
  }
  .rule {
    position: absolute;
    left: 0;
    width: 1px;
    background: var(--_text-muted);
    pointer-events: none;
  }
  .dot {
    position: absolute;
    inset: -3px auto auto -3px;
    width: 7px;
    height: 7px;
    border: 1px solid var(--_tile);
    border-radius: 50%;
    background: var(--_key);
    pointer-events: none;
  }
  .marked {
    position: absolute;
    inset-block: 8px 24px;
    background: var(--_accent);
    opacity: 0.16;
    pointer-events: none;
  }
  .card {
    position: absolute;
    z-index: 2;
    inset-block-start: 8px;
    min-width: 132px;
    max-width: 240px;
    padding: 8px 12px;
    border: 1px solid var(--_border-strong);
    border-radius: 6px;
    background: var(--_raised);
    box-shadow: 0 4px 14px rgb(0 0 0 / 16%);
    font-size: 12px;
    line-height: 18px;
    color: var(--_text);
    pointer-events: none;
  }
  .card p {
    display: flex;
    gap: 4px;
    margin: 0 0 4px;
    color: var(--_text-muted);
    white-space: nowrap;
  }
  .card em {
    font-style: normal;
  }
  .card em::before {
    content: '· ';
  }
  .card p .compared {
    margin-inline-start: auto;
    padding-inline-start: 12px;
  }
  .card .more {
    margin: 2px 0 0;
  }
  .note {
    display: flex;
    flex-wrap: wrap;
    gap: 0 16px;
    margin: 4px 0 0;
    font-size: 12px;
    line-height: 16px;
    color: var(--_text-muted);
  }
  .note > span {
    display: inline-flex;
    align-items: center;
    gap: 6px;
  }
  .dashes {
    width: 16px;
    border-block-start: 2px dashed var(--_text-muted);
    opacity: 0.7;
  }
  .dashes.goal {
    border-block-start: 1px dashed var(--_text);
    opacity: 1;
  }
  :host([muted]) .last {
    font-weight: 400;
    color: var(--_text-muted);
  }
  :host([density='wall']) :is(ul, .note) {
    font-size: 16px;
    line-height: 24px;
  }
  :host([density='wall']) .ends {
    max-width: 280px;
  }
  :host([density='wall']) .ends li {
    height: 24px;
  }
`;
