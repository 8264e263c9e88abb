import { expect } from '@open-wc/testing';
import '../../define/all.ts';
import { TileHarness } from '../../testing/tile-harness.ts';

const LINE = { kind: 'line', metric: 'call_count', 'group-by': 'direction', bin: '1m' };
const mounted: TileHarness[] = [];

async function lineTile(): Promise<TileHarness> {
  const harness = new TileHarness(LINE).mount();
  mounted.push(harness);
  await harness.reached('ready');
  // Layout, nearness to the screen and drawing take a frame each.
  await frames(8);
  return harness;
}

async function frames(count: number): Promise<void> {
  for (let left = count; left > 0; left -= 1) await new Promise((resolve) => requestAnimationFrame(resolve));
}

function press(harness: TileHarness, key: string): void {
  harness.find('.plot')?.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
}

afterEach(() => {
  for (const harness of mounted.splice(0)) harness.remove();
});

describe('lumina-line: accessibility', () => {
  it('holds with the card open', async () => {
    const harness = await lineTile();
    press(harness, 'ArrowLeft');
    await frames(2);
    await expect(harness.widget).to.be.accessible();
  });

  it('names the chart and its newest values', async () => {
    const harness = await lineTile();
    const name = harness.find('.plot')?.ariaLabel ?? '';
    expect(name).to.match(/^Calls, line chart, newest values: Inbound \d+, Outbound \d+, Internal \d+$/u);
  });
});

describe('lumina-line', () => {
  it('draws each line in the colour of its key', async () => {
    const harness = await lineTile();
    const canvas = harness.find('canvas') as HTMLCanvasElement;
    const pixels = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
    for (const key of harness.findAll('.key')) {
      const colour = getComputedStyle(key).backgroundColor;
      const wanted = (colour.match(/\d+/gu) ?? []).map(Number);
      let drawnCount = 0;
      for (let at = 0; at + 3 < pixels.length; at += 4) {
        // The edge of a line is half transparent and keeps its colour, but for rounding.
        const isNear = wanted.every((channel, offset) => Math.abs(channel - (pixels[at + offset] ?? 0)) <= 3);
        if (isNear && (pixels[at + 3] ?? 0) > 100) drawnCount += 1;
      }
      expect(drawnCount, `${colour} is drawn`).to.be.greaterThan(50);
    }
  });

  it('shows one card with all series at the cursor, and steps with the arrow keys', async () => {
    const harness = await lineTile();
    press(harness, 'ArrowLeft');
    await frames(2);
    const first = harness.text('.card p');
    expect(harness.findAll('.card li').length).to.equal(3);
    press(harness, 'ArrowLeft');
    await frames(2);
    expect(harness.text('.card p')).to.not.equal(first);
    press(harness, 'Escape');
    await frames(2);
    expect(harness.find('.card')).to.equal(undefined);
  });

  it('shares the cursor with its neighbours but opens one card only', async () => {
    const harness = await lineTile();
    const neighbour = document.createElement('lumina-widget');
    for (const [name, value] of Object.entries(LINE)) neighbour.setAttribute(name, value);
    harness.provider.append(neighbour);
    while (neighbour.state !== 'ready') await frames(1);
    await frames(8);
    press(harness, 'ArrowLeft');
    await frames(2);
    const other = neighbour.shadowRoot?.querySelector('lumina-line')?.shadowRoot;
    expect(other?.querySelector('.rule') !== null).to.equal(true);
    expect(other?.querySelector('.card')).to.equal(null);
    expect(harness.find('.card') !== undefined).to.equal(true);
  });
});
