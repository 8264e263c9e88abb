/** A label beside a line's end: where it would like to be, and how tall it is, in px. */
export interface LabelWish {
  readonly y: number;
  readonly heightPx: number;
}

interface Block {
  first: number;
  top: number;
  height: number;
  wishSum: number;
  count: number;
}

/**
 * Places labels so that none overlaps another and all stay between 0 and `heightPx`, as near as they can to where they
 * would like to be. Answers the middle of each label in the order given; where they cannot all fit they start at the top.
 */
export function labelPlaces(wishes: readonly LabelWish[], heightPx: number): readonly number[] {
  const order = wishes.map((wish, index) => ({ ...wish, index })).sort((a, b) => a.y - b.y);
  const blocks: Block[] = [];
  for (const [at, { y, heightPx: height }] of order.entries()) {
    blocks.push(settled({ first: at, top: 0, height, wishSum: y - height / 2, count: 1 }, heightPx));
    mergeOverlaps(blocks, heightPx);
  }
  const places: number[] = wishes.map(() => 0);
  for (const block of blocks) {
    let top = block.top;
    for (const label of order.slice(block.first, block.first + block.count)) {
      places[label.index] = top + label.heightPx / 2;
      top += label.heightPx;
    }
  }
  return places;
}

function mergeOverlaps(blocks: Block[], heightPx: number): void {
  let last = blocks.at(-1);
  let before = blocks.at(-2);
  while (last !== undefined && before !== undefined && before.top + before.height > last.top) {
    const merged = {
      first: before.first,
      top: 0,
      height: before.height + last.height,
      // Each wish is a top; of those in the later block all lie lower by the height of the earlier one.
      wishSum: before.wishSum + last.wishSum - last.count * before.height,
      count: before.count + last.count,
    };
    blocks.splice(-2, 2, settled(merged, heightPx));
    last = blocks.at(-1);
    before = blocks.at(-2);
  }
}

function settled(block: Block, heightPx: number): Block {
  const top = Math.max(0, Math.min(block.wishSum / block.count, heightPx - block.height));
  return { ...block, top };
}
