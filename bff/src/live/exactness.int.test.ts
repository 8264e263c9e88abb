import { describe } from 'node:test';
import { itIsExact } from './testing/exactness.ts';

describe('cached, followed and live answers', () => {
  // The clocks of London go back, and forward.
  itIsExact({ start: '2026-10-25T00:41:00.250Z', seed: 7, steps: 12 });
  itIsExact({ start: '2026-03-29T00:52:30Z', seed: 9, steps: 12 });
});
