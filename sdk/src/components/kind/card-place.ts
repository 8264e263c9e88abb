const CARD_WIDTH_PX = 220;
const GAP_PX = 12;

/** Where a card beside a place on a chart stands: to its right, or to its left where that has no room. */
export function cardPlace(px: number, widthPx: number): string {
  const isLeft = px + GAP_PX + CARD_WIDTH_PX > widthPx && px > widthPx / 2;
  return isLeft ? `right:calc(100% - ${String(px - GAP_PX)}px)` : `left:${String(px + GAP_PX)}px`;
}
