import { describe } from 'node:test';
import { itIsExact } from './testing/exactness.ts';

const STEPS = 150;

describe('cached, followed and live answers, for long', () => {
  const starts = [
    '2026-10-25T00:41:00.250Z',
    '2026-03-29T00:52:30Z',
    // Sydney and Lord Howe Island go forward, New York goes back.
    '2026-10-03T15:20:10Z',
    '2026-11-01T05:40:59.999Z',
    '2026-11-20T12:00:00Z',
  ];
  for (const [index, start] of starts.entries()) itIsExact({ start, seed: 1_000 + index, steps: STEPS });
});
