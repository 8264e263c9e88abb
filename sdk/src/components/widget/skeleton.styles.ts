import { css } from 'lit';

/** Styles of what stands for content until it is there: its size, none of its details. */
export const skeletonStyles = css`
  .skeleton {
    border-radius: 4px;
    background: var(--_skeleton);
  }
  .skeleton.number {
    width: 3ch;
    min-width: 96px;
    max-width: 60%;
    height: 0.85em;
    margin-block: 0.07em auto;
    font-size: var(--_value-size);
  }
  .skeleton.spark {
    height: 2px;
    margin-block: 8px 12px;
  }
  .skeleton.legend {
    width: 180px;
    max-width: 70%;
    height: 12px;
    margin-block: 3px 14px;
  }
  .skeleton.plot {
    flex: 1;
    border-radius: 0;
    border-block-end: 1px solid var(--_grid);
    background: repeating-linear-gradient(var(--_grid) 0 1px, transparent 1px 25%);
  }
  .skeleton.bars {
    display: flex;
    flex: 1;
    align-items: flex-end;
    gap: 8%;
    padding-inline: 4%;
    border-radius: 0;
    border-block-end: 1px solid var(--_grid);
    background: none;
  }
  .bars > .skeleton {
    flex: 1;
    border-radius: 2px 2px 0 0;
  }
  .bar-1 {
    height: 62%;
  }
  .bar-2 {
    height: 84%;
  }
  .bar-3 {
    height: 38%;
  }
  .bar-4 {
    height: 54%;
  }
  .skeleton.arc {
    flex: none;
    align-self: center;
    width: min(100%, 160px);
    aspect-ratio: 1;
    margin-block: auto;
    border-radius: 50%;
    background: radial-gradient(closest-side, transparent 79%, var(--_skeleton) 80% 99%, transparent);
    mask: conic-gradient(from 240deg, #000 240deg, transparent 0);
  }
  .skeleton.rows {
    display: grid;
    grid-auto-rows: var(--_row-size);
    align-items: center;
    background: none;
  }
  .skeleton.row {
    height: 12px;
  }
  .skeleton.row:nth-child(even) {
    width: 82%;
  }
  .skeleton.row.head {
    width: 40%;
  }
`;
