// Plays every story in every theme: its play function, its state, and axe over what it shows. A test is one story in one
// theme. The last line is `N passed, N failed`; the exit code is 1 when any failed.
//
//   npm test -w storybook                    all
//   npm test -w storybook -- kinds-line      stories whose id holds one of the words
import { THEME_NAMES } from '../sdk/src/theme/tokens.ts';
import { openBook } from './book.mjs';

/** As many pages as the smallest machine has cores; each takes a theme at a time. */
const PAGES = 2;

const words = process.argv.slice(2);
const book = await openBook();
const stories = book.stories.filter(({ id }) => words.length === 0 || words.some((word) => id.includes(word)));
const waiting = [...THEME_NAMES];
const total = { passed: 0, failed: stories.length === 0 ? 1 : 0 };

async function playAll(theme) {
  const startedMs = Date.now();
  const page = await book.openPage({ theme });
  let failed = 0;
  for (const { id } of stories) {
    const troubles = await page.visit(id);
    if (troubles.length === 0) continue;
    failed += 1;
    process.stdout.write(`✖ ${id}, ${theme}\n  ${troubles.join('\n  ')}\n`);
  }
  await page.close();
  total.passed += stories.length - failed;
  total.failed += failed;
  const seconds = ((Date.now() - startedMs) / 1000).toFixed(1);
  process.stdout.write(`${failed > 0 ? '✖' : '✔'} ${theme}: ${stories.length} stories, ${seconds} s\n`);
}

async function work() {
  for (let theme = waiting.shift(); theme !== undefined; theme = waiting.shift()) await playAll(theme);
}

try {
  await Promise.all(Array.from({ length: PAGES }, work));
} finally {
  await book.close();
}
process.stdout.write(`${total.passed} passed, ${total.failed} failed\n`);
process.exitCode = total.failed === 0 ? 0 : 1;
