import { css } from 'lit';

/**
 * Styles of what stands in place of data. It takes the room that the data would have taken and no more, so that a tile
 * keeps its height whatever its state; the less room there is, the less it says.
 */
export const noticeStyles = css`
  .notice {
    flex: 1;
    container-type: size;
    min-height: 0;
    overflow: auto;
    font-size: var(--_body-size);
    line-height: 1.4;
  }
  .notice-content {
    display: grid;
    align-content: center;
    justify-items: start;
    gap: 2px;
    min-height: 100%;
  }
  :host(:is([kind='line'], [kind='bar'], [kind='table'], [kind='gauge'])) .notice-content {
    justify-items: center;
    text-align: center;
  }
  .notice svg {
    width: 24px;
    height: 24px;
    margin-block-end: 6px;
    stroke-width: 1.2;
    color: var(--_text-muted);
  }
  .notice.error svg {
    color: var(--_critical-mark);
  }
  .notice p {
    max-width: min(100%, 70ch);
    margin: 0;
    color: var(--_text-muted);
  }
  .notice .what {
    font-weight: 600;
    color: var(--_text-strong);
    overflow-wrap: anywhere;
  }
  .notice .code {
    font-size: var(--_small-size);
    overflow-wrap: anywhere;
  }
  .button {
    min-height: 32px;
    margin-block-start: 8px;
    padding: 4px 12px;
    border: 1px solid var(--_border-strong);
    border-radius: 6px;
    background: var(--_tile);
    font: 600 var(--_body-size) / 1.4 var(--_font);
    color: var(--_accent-text);
    cursor: pointer;
  }
  .button:hover {
    background: var(--_inset);
  }

  /* Low: the picture stands beside the words, the code beside the button. */
  @container (max-height: 150px) {
    :host(:is([kind='line'], [kind='bar'], [kind='table'], [kind='gauge'], [kind='stat'])) .notice-content {
      grid-template-columns: auto minmax(0, 1fr);
      column-gap: 8px;
      align-content: start;
      align-items: center;
      justify-items: start;
      text-align: start;
    }
    .notice svg {
      grid-area: 1 / 1;
      align-self: start;
      width: 16px;
      height: 16px;
      margin: 1px 0 0;
      stroke-width: 1.5;
    }
    .notice .what {
      grid-area: 1 / 1 / 2 / -1;
      padding-inline-start: 24px;
    }
    .notice .advice {
      grid-column: 1 / -1;
    }
    .notice .code {
      display: -webkit-box;
      grid-area: 3 / 2;
      overflow: hidden;
      line-height: 1.2;
      -webkit-box-orient: vertical;
      -webkit-line-clamp: 2;
    }
    .button {
      grid-area: 3 / 1;
      min-height: 28px;
      margin-block-start: 4px;
      padding: 2px 10px;
    }
  }
  @container (max-height: 96px) {
    .notice .advice {
      display: none;
    }
  }
  @container (max-height: 150px) and (max-width: 200px) {
    .notice .code {
      grid-area: 4 / 1 / 5 / -1;
      margin-block-start: 4px;
    }
  }
  @container (max-height: 60px) {
    .button {
      min-height: 24px;
      margin: 0;
      padding-block: 0;
    }
  }
`;
