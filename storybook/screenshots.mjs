// Takes a picture of every story in every theme, and of every story in a narrow column, into a folder with a page that
// shows them side by side.
//
//   npm run screenshots -w storybook -- --out pictures [--themes light,dark] [story words…]
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { THEME_NAMES } from '../sdk/src/theme/tokens.ts';
import { openBook } from './book.mjs';

const MARGIN_PX = 16;

const { values, positionals } = parseArgs({
  options: { out: { type: 'string' }, themes: { type: 'string' } },
  allowPositionals: true,
});
if (values.out === undefined) {
  process.stderr.write('Name the folder for the pictures: --out <folder>.\n');
  process.exit(2);
}
const out = path.resolve(values.out);
mkdirSync(out, { recursive: true });

/** What a picture is taken under: its name, and the globals of the toolbar. */
const LOOKS = [
  ...(values.themes?.split(',') ?? THEME_NAMES).map((theme) => ({ name: theme, globals: { theme } })),
  { name: 'narrow', globals: { theme: 'light', width: 'narrow' } },
];

/** The box of the story and the panels open over it, with a margin. */
function partInPage(marginPx) {
  const openBelow = (root) =>
    [...root.querySelectorAll('*')].flatMap((element) => [
      ...(element.matches(':popover-open') ? [element] : []),
      ...(element.shadowRoot === null ? [] : openBelow(element.shadowRoot)),
    ]);
  const box = globalThis.document.querySelector('#storybook-root lumina-provider > div');
  const rects = [box, ...openBelow(box)].map((element) => element.getBoundingClientRect());
  return {
    x: 0,
    y: 0,
    width: Math.ceil(Math.max(...rects.map(({ right }) => right))) + marginPx,
    height: Math.ceil(Math.max(...rects.map(({ bottom }) => bottom))) + marginPx,
  };
}

async function shoot(book, stories, { name, globals }) {
  const opened = await book.openPage(globals);
  for (const { id } of stories) {
    const troubles = await opened.visit(id);
    if (troubles.length > 0) process.stdout.write(`${id}, ${name}: ${troubles[0]}\n`);
    const clip = await opened.page.evaluate(partInPage, MARGIN_PX);
    // A picture of the full page changes the size of the window, which a story may answer to.
    const fullPage = clip.height > opened.page.viewportSize().height;
    await opened.page.screenshot({ path: path.join(out, `${id}.${name}.png`), clip, fullPage });
  }
  await opened.close();
}

function sheetOf(stories) {
  const rows = stories.map(({ id, title, name }) => {
    const pictures = LOOKS.map((look) => `<td><img src="${id}.${look.name}.png" alt="${id}, ${look.name}"></td>`);
    return `<tr><th>${title}<br>${name}</th>${pictures.join('')}</tr>`;
  });
  const style = 'th{font:12px system-ui;text-align:left;vertical-align:top}img{max-width:420px}td{vertical-align:top}';
  return `<!doctype html><meta charset="utf-8"><title>Stories</title><style>${style}</style><table>${rows.join('\n')}</table>\n`;
}

const book = await openBook();
try {
  const stories = book.stories.filter(
    ({ id }) => positionals.length === 0 || positionals.some((word) => id.includes(word)),
  );
  for (const look of LOOKS) await shoot(book, stories, look);
  writeFileSync(path.join(out, 'index.html'), sheetOf(stories));
  process.stdout.write(`${stories.length * LOOKS.length} pictures: ${path.join(out, 'index.html')}\n`);
} finally {
  await book.close();
}
