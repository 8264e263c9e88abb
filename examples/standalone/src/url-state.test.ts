import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isRange, readBoardView, writeBoardView } from './url-state.ts';
import type { BoardView } from './url-state.ts';

test('what is written into an address is read from it', () => {
  const views: readonly BoardView[] = [
    { isWall: false },
    { isWall: true },
    { range: '1h', zone: 'Europe/London', isWall: false },
    { range: 'today', isWall: true },
    { variables: { queue: ['q 1', 'q&2', '@my'], team: [] }, isWall: false },
    { range: '2026-03-02T09:00:00.000Z/2026-03-02T10:00:00.000Z', isWall: false },
    {
      range: '2026-03-02T09:00:00+02:00/2026-03-02T10:00:00+02:00',
      zone: 'America/Argentina/Buenos_Aires',
      isWall: false,
    },
  ];
  for (const view of views) assert.deepEqual(readBoardView(writeBoardView(view)), view);
});

test('addresses stay readable, and a board as it is has none', () => {
  assert.equal(writeBoardView({ isWall: false }), '');
  assert.equal(
    writeBoardView({ range: '1h', zone: 'Europe/London', isWall: true }),
    '?range=1h&zone=Europe/London&view=wall',
  );
});

test('what no board can show is left out', () => {
  const search = '?range=1y&zone=Europe/Atlantis&view=ceiling&other=1&var-=x&var-A=x&var-__proto__=x';
  assert.deepEqual(readBoardView(search), { isWall: false });
  for (const range of ['', '0h', '-1h', '1', 'h', '1h ', 'tomorrow', '2026-03-02/2026-03-03', '1h/2h']) {
    assert.equal(isRange(range), false, range);
  }
});

test('a plus that the address turned into a space is a plus again', () => {
  const search = '?range=2026-03-02T09:00:00+02:00/2026-03-02T10:00:00+02:00';
  assert.equal(readBoardView(search).range, '2026-03-02T09:00:00+02:00/2026-03-02T10:00:00+02:00');
});
