import { expect } from '@open-wc/testing';
import type { WidgetKind } from '@lumina/contracts';
import { MEDIUM_COLUMNS, placementCss, placementsOf, readingOrder } from './board-layout.ts';

function tile(id: string, x: number, y: number, w: number, h: number, kind: WidgetKind = 'stat') {
  return { id, kind, x, y, w, h };
}

describe('board layout', () => {
  it('reads from top to bottom, then from left to right', () => {
    const board = [tile('d', 0, 2, 6, 2), tile('b', 6, 0, 6, 2), tile('a', 0, 0, 6, 2), tile('c', 6, 1, 6, 2)];
    expect(readingOrder(board).map(({ id }) => id)).to.deep.equal(['a', 'b', 'c', 'd']);
  });

  it('keeps a tile inside the twelve columns', () => {
    const [placed] = placementsOf([tile('a', 10, 0, 6, 2)]);
    expect(placed?.wide).to.deep.equal({ x: 10, y: 0, w: 2, h: 2 });
  });

  it('leaves no hole in a row of six columns', () => {
    const kinds: readonly WidgetKind[] = ['stat', 'line', 'bar', 'gauge', 'table'];
    for (let seed = 1; seed < 60; seed += 1) {
      const board = Array.from({ length: 1 + (seed % 9) }, (_, at) =>
        tile(`t${String(at)}`, (at * 3) % 12, at, 1 + ((seed * (at + 3)) % 12), 1 + (at % 4), kinds[(seed + at) % 5]),
      );
      const rows = new Map<number, number>();
      for (const { medium } of placementsOf(board)) {
        expect(medium.x).to.equal(rows.get(medium.y) ?? 0);
        rows.set(medium.y, medium.x + medium.w);
      }
      expect([...rows.values()].every((columns) => columns === MEDIUM_COLUMNS)).to.equal(true);
    }
  });

  it('gives charts the rows they need on a phone', () => {
    const [line, stat] = placementsOf([tile('a', 0, 0, 6, 2, 'line'), tile('b', 6, 0, 6, 2)]);
    expect(line?.narrowRows).to.equal(4);
    expect(stat?.narrowRows).to.equal(2);
  });

  it('writes a place as custom properties', () => {
    const [placed] = placementsOf([tile('a', 3, 2, 6, 4, 'line')]);
    expect(placed === undefined ? '' : placementCss(placed)).to.equal(
      '--wide:3/4/span 4/span 6;--medium:1/1/span 4/span 6;--rows:4;--order:0',
    );
  });
});
