import { expect, oneEvent } from '@open-wc/testing';
import '../../define/all.ts';
import { TileHarness } from '../../testing/tile-harness.ts';

const LINE = { kind: 'line', metric: 'queue_depth', 'group-by': 'queue_id', bin: '1m' };

const mounted: TileHarness[] = [];

async function ready(attributes: Readonly<Record<string, string>>): Promise<TileHarness> {
  const harness = new TileHarness(attributes).mount();
  mounted.push(harness);
  await harness.reached('ready');
  return harness;
}

function press(target: Element | null | undefined, key: string): void {
  target?.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, composed: true, cancelable: true }));
}

async function frame(): Promise<void> {
  await new Promise((resolve) => requestAnimationFrame(resolve));
}

afterEach(() => {
  for (const harness of mounted.splice(0)) harness.remove();
  Reflect.deleteProperty(navigator, 'clipboard');
});

describe('lumina-widget: menu', () => {
  it('is accessible open and closed', async () => {
    const harness = await ready(LINE);
    await expect(harness.widget).to.be.accessible();
    harness.find('.menu.opener')?.click();
    await frame();
    await harness.settled();
    expect(harness.find('.menu.panel')?.matches(':popover-open')).to.equal(true);
    await expect(harness.widget).to.be.accessible();
  });

  it('opens with the keyboard, moves by arrows, and gives the focus back', async () => {
    const harness = await ready(LINE);
    const opener = harness.find('.menu.opener');
    opener?.focus();
    const root = harness.widget.shadowRoot;
    expect(root?.activeElement === opener).to.equal(true);
    expect(getComputedStyle(opener ?? document.body).opacity).to.equal('1');
    opener?.click();
    await frame();
    await frame();
    expect(root?.activeElement?.textContent).to.contain('Refresh');
    press(root?.activeElement, 'ArrowDown');
    expect(root?.activeElement?.textContent).to.contain('View as table');
    press(root?.activeElement, 'End');
    expect(root?.activeElement?.textContent).to.contain('Copy as CSV');
    press(root?.activeElement, 'ArrowDown');
    expect(root?.activeElement?.textContent).to.contain('Refresh');
    harness.find('.menu.panel')?.hidePopover();
    await frame();
    await frame();
    expect(root?.activeElement === opener).to.equal(true);
  });

  it('shows the tile as a table with the same values, and as a chart again', async () => {
    const harness = await ready(LINE);
    await harness.choose('View as table');
    await harness.settled();
    const shown = [...(harness.find('.data')?.querySelectorAll('tbody tr') ?? [])].map((row) =>
      [...row.children].map(({ textContent }) => textContent.trim()),
    );
    expect(shown.length).to.be.greaterThan(0);
    expect(shown).to.deep.equal(harness.rows());
    await expect(harness.widget).to.be.accessible();
    await harness.choose('View as chart');
    expect(harness.find('.data')).to.equal(undefined);
  });

  it('copies exact values as CSV and tells of it', async () => {
    const harness = await ready(LINE);
    let copied = '';
    Object.defineProperty(navigator, 'clipboard', {
      configurable: true,
      value: {
        writeText: (text: string) => {
          copied = text;
          return Promise.resolve();
        },
      },
    });
    const told = oneEvent(harness.widget, 'luminaexport');
    await harness.choose('Copy as CSV');
    const { detail } = await told;
    const [head, first, second, ...rest] = copied.trim().split('\r\n');
    expect(head).to.equal('Metric,Series,Time,Value,Unit');
    expect(first).to.match(/^Waiting,[^,]+,\d{4}-\d\d-\d\dT[\d:.]+Z\/\d{4}-\d\d-\d\dT[\d:.]+Z,\d+,count$/u);
    expect(second).to.match(/^Waiting,[^,]+,\d{4}-\d\d-\d\dT[\d:.]+Z,\d+,count$/u);
    expect(detail).to.deep.equal({ format: 'csv', rows: rest.length + 2 });
    await harness.settled();
    expect(harness.announcement()).to.equal('Waiting: copied');
  });

  it('says so when the browser does not allow copying', async () => {
    const harness = await ready(LINE);
    Object.defineProperty(navigator, 'clipboard', {
      configurable: true,
      value: { writeText: () => Promise.reject(new Error('not allowed')) },
    });
    await harness.choose('Copy as CSV');
    await frame();
    await harness.settled();
    expect(harness.announcement()).to.equal('Waiting: the browser did not allow copying');
  });
});

describe('lumina-widget: definition', () => {
  it('tells how the number comes about, in which version and by whom', async () => {
    const harness = await ready({
      metric: 'queue_service_level',
      options: '{"formula":"SL7","thresholdS":30}',
    });
    const text = await harness.definition();
    expect(text).to.contain('Share of visits answered within the threshold');
    expect(text).to.contain('SL7: A_T / (A + B + F)');
    expect(text).to.contain('T = 30 s');
    expect(text).to.contain('Version 1');
    expect(text).to.contain('Source: Genesys with flow-outs');
    await expect(harness.widget).to.be.accessible();
  });
});
