import { expect } from '@open-wc/testing';
import '../../define/lumina-line.ts';
import { chartCount } from '../../charts/testing/chart-count.ts';
import { CursorStore } from '../../client/cursor-store.ts';
import { KindFixture, QUEUE_NAMES, find, heard, press, seriesOf, texts, viewOf } from '../kind/testing/kind-fixture.ts';
import type { LuminaLine } from './line.ts';

const fixture = new KindFixture();

function queues(count: number): Partial<LuminaLine> {
  const names = Array.from({ length: count }, (_unused, index) => QUEUE_NAMES[index] ?? `Queue ${String(index)}`);
  return {
    view: viewOf(names.map((name, index) => seriesOf(name, 5 + index * 7))),
    labels: names.map((name, place) => ({ name, place: place % 8 })),
    cursor: new CursorStore(),
  };
}

const mount = (inputs: Partial<LuminaLine>, box = {}): Promise<LuminaLine> =>
  fixture.mount<LuminaLine>('lumina-line', inputs, { widthPx: 520, ...box });

function pointer(line: LuminaLine, type: string, xShare: number, yShare = 0.5): void {
  const plot = find(line, '.plot');
  const box = plot?.getBoundingClientRect() ?? new DOMRect();
  const [clientX, clientY] = [box.left + box.width * xShare, box.top + box.height * yShare];
  // The browser captures real pointers only.
  if (plot !== undefined) plot.setPointerCapture = () => {};
  plot?.dispatchEvent(new PointerEvent(type, { clientX, clientY, button: 0, pointerType: 'mouse', bubbles: true }));
}

afterEach(() => {
  fixture.clear();
});

describe('lumina-line in every form: accessibility', () => {
  for (const theme of ['light', 'dark', 'contrast'] as const) {
    it(`holds in ${theme}: names at the ends, a legend of 24, thresholds, not current`, async () => {
      await expect(await mount(queues(3), { theme })).to.be.accessible();
      await expect(await mount(queues(24), { theme, widthPx: 620 })).to.be.accessible();
      await expect(await mount({ ...queues(24), muted: true }, { theme, widthPx: 280 })).to.be.accessible();
      const options = { target: 12, thresholds: [{ from: 10, tone: 'warning' } as const], isArea: true };
      await expect(await mount({ ...queues(1), options }, { theme })).to.be.accessible();
    });
  }
});

describe('lumina-line: names', () => {
  it('stand at the ends of up to four lines, none above another', async () => {
    const line = await mount(queues(4));
    const boxes = [...(line.shadowRoot?.querySelectorAll('.ends li') ?? [])].map((one) => one.getBoundingClientRect());
    expect(boxes.length).to.equal(4);
    const tops = boxes.map(({ top }) => top).sort((a, b) => a - b);
    for (const [index, top] of tops.entries()) {
      if (index > 0) expect(top - (tops[index - 1] ?? 0)).to.be.at.least(17.5);
    }
  });

  it('move into a legend when the tile gets narrow, largest first', async () => {
    const line = await mount(queues(3));
    expect(find(line, '.legend')).to.equal(undefined);
    if (line.parentElement !== null) line.parentElement.style.width = '280px';
    await fixture.drawn();
    expect(texts(line, '.legend .name')).to.deep.equal(['Billing', 'Support', 'Sales']);
    const canvas = find(line, 'canvas') as HTMLCanvasElement;
    expect(canvas.width).to.equal(Math.floor(280 * devicePixelRatio));
  });

  it('of 24 lines stay within the tile', async () => {
    for (const widthPx of [280, 620]) {
      const line = await mount(queues(24), { widthPx });
      expect(texts(line, '.legend .name').length).to.equal(24);
      const legend = find(line, '.legend')?.getBoundingClientRect();
      expect(legend?.height).to.be.at.most(240);
      expect(find(line, '.plot')?.getBoundingClientRect().height).to.be.at.least(120);
    }
  });
});

describe('lumina-line: reading', () => {
  it('marks a stretch by dragging', async () => {
    const line = await mount(queues(2));
    const marked = heard(line, 'luminarange') as { from: string; to: string }[];
    const picked = heard(line, 'luminaselect');
    pointer(line, 'pointerdown', 0.3);
    pointer(line, 'pointermove', 0.6);
    await fixture.drawn();
    expect(find(line, '.marked')).to.not.equal(undefined);
    pointer(line, 'pointerup', 0.6);
    await fixture.drawn();
    expect(find(line, '.marked')).to.equal(undefined);
    expect(marked.length).to.equal(1);
    expect(Date.parse(marked[0]?.from ?? '')).to.be.lessThan(Date.parse(marked[0]?.to ?? ''));
    expect(picked).to.deep.equal([]);
  });

  it('marks a stretch with Shift and the arrow keys', async () => {
    const line = await mount(queues(2));
    const marked = heard(line, 'luminarange');
    press(line, 'ArrowLeft');
    press(line, 'ArrowLeft', { shiftKey: true });
    press(line, 'ArrowLeft', { shiftKey: true });
    press(line, 'Enter');
    expect(marked).to.deep.equal([{ from: '2026-11-25T14:28:00.000Z', to: '2026-11-25T14:30:00.000Z' }]);
  });

  it('picks the line under a click, at its bucket', async () => {
    const line = await mount(queues(2));
    const picked = heard(line, 'luminaselect') as { value: string; range: { from: string; to: string } }[];
    for (const type of ['pointermove', 'pointerdown', 'pointerup']) pointer(line, type, 0.5, 0.85);
    expect(picked.map(({ value }) => value)).to.deep.equal(['Sales']);
    const { from = '', to = '' } = picked[0]?.range ?? {};
    expect(Date.parse(to) - Date.parse(from)).to.equal(60_000);
  });

  it('chooses lines with the arrow keys and picks with Enter', async () => {
    const line = await mount(queues(3));
    const picked = heard(line, 'luminaselect') as { value: string }[];
    press(line, 'ArrowLeft');
    press(line, 'ArrowDown');
    press(line, 'ArrowDown');
    await fixture.drawn();
    expect(texts(line, '.card .chosen .name')).to.deep.equal(['Support']);
    press(line, 'Enter');
    expect(picked.map(({ value }) => value)).to.deep.equal(['Support']);
  });

  it('says in its card what is still filling, and keeps it inside the plot with 24 lines', async () => {
    const line = await mount(queues(24), { widthPx: 620 });
    press(line, 'ArrowLeft');
    await fixture.drawn();
    expect(texts(line, '.card em')).to.deep.equal(['still filling']);
    expect(texts(line, '.card .more')[0]).to.match(/^\d+ more$/u);
    const card = find(line, '.card')?.getBoundingClientRect();
    const plot = find(line, '.plot')?.getBoundingClientRect();
    expect(card?.bottom).to.be.at.most(plot?.bottom ?? 0);
  });

  it('shows the compared range beside the values', async () => {
    const points = seriesOf('', 9).points;
    const view = viewOf([seriesOf('', 20, { comparePoints: points })], { compare: '7d' });
    const line = await mount({ view, labels: [{ name: 'Total', place: 0 }], cursor: new CursorStore() });
    press(line, 'ArrowLeft');
    await fixture.drawn();
    expect(texts(line, '.note')).to.deep.equal(['Last week']);
    expect(texts(line, '.card li .compared')).to.deep.equal([String(points.at(-1)?.[1])]);
  });

  it('tells its contents as a table', async () => {
    const line = await mount(queues(2));
    const { columns, rows } = line.toTable();
    expect(columns).to.deep.equal(['Time', 'Sales', 'Support']);
    expect(rows.length).to.equal(30);
    expect(rows.at(-1)?.[0]).to.equal('14:30:00');
  });
});

describe('lumina-line: life', () => {
  it('draws only near the screen', async () => {
    const before = chartCount();
    const line = await mount(queues(2));
    const root = line.getRootNode() as ShadowRoot;
    const host = root.host as HTMLElement;
    expect(chartCount()).to.equal(before + 1);
    line.remove();
    host.style.cssText = 'display:block;margin-top:5000px';
    root.querySelector('div')?.append(line);
    await fixture.drawn();
    expect(chartCount()).to.equal(before);
    host.scrollIntoView();
    await fixture.drawn();
    expect(chartCount()).to.equal(before + 1);
  });

  it('draws anew for new data, but not for a moved cursor', async () => {
    const line = await mount(queues(2));
    const context = (find(line, 'canvas') as HTMLCanvasElement).getContext('2d');
    if (context === null) throw new Error('The canvas has no context.');
    const clearRect = context.clearRect.bind(context);
    let drawnCount = 0;
    context.clearRect = (...box) => {
      drawnCount += 1;
      clearRect(...box);
    };
    for (let left = 5; left > 0; left -= 1) press(line, 'ArrowLeft');
    await fixture.drawn();
    expect(drawnCount).to.equal(0);
    Object.assign(line, queues(2));
    await fixture.drawn();
    expect(drawnCount).to.equal(1);
  });

  it('frees its chart when it leaves the page', async () => {
    const before = chartCount();
    const lines = [await mount(queues(2)), await mount(queues(24)), await mount(queues(4))];
    expect(chartCount()).to.equal(before + 3);
    for (const line of lines) line.remove();
    expect(chartCount()).to.equal(before);
  });
});
