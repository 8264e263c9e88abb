import { expect, oneEvent } from '@open-wc/testing';
import '../../define/all.ts';
import { useLanguageOf } from '../../i18n/localization.ts';
import { TileHarness } from '../../testing/tile-harness.ts';

const mounted: TileHarness[] = [];

function harnessOf(attributes: Readonly<Record<string, string>>): TileHarness {
  const harness = new TileHarness(attributes);
  mounted.push(harness);
  return harness;
}

afterEach(async () => {
  for (const harness of mounted.splice(0)) harness.remove();
  await useLanguageOf('en');
});

describe('lumina-provider: accessibility', () => {
  it('adds nothing of its own to the tree', async () => {
    const { provider } = harnessOf({ metric: 'call_count' }).mount();
    await provider.updateComplete;
    await expect(provider).to.be.accessible();
  });
});

describe('lumina-provider', () => {
  it('has no box and no shadow root, and leaves its children alone', async () => {
    const { provider, widget } = harnessOf({ metric: 'call_count' }).mount();
    await provider.updateComplete;
    expect(provider.shadowRoot).to.equal(null);
    expect(getComputedStyle(provider).display).to.equal('contents');
    expect(provider.firstElementChild).to.equal(widget);
  });

  it('says who is signed in', async () => {
    const harness = harnessOf({ metric: 'call_count' });
    const told = oneEvent(harness.provider, 'luminasession');
    harness.mount();
    const { detail } = (await told) as CustomEvent<{ territoryName: string; timeZone: string }>;
    expect(detail.territoryName).to.equal('Albion Telecom');
    expect(detail.timeZone).to.equal('Europe/London');
  });

  it('switches every text and number to German', async () => {
    const harness = harnessOf({ metric: 'call_answer_rate', target: '90' }).mount();
    harness.provider.locale = 'de-DE';
    await useLanguageOf('de-DE');
    await harness.reached('ready');
    expect(harness.text('h3')).to.equal('Annahmequote');
    expect(harness.text('.target')).to.match(/^Ziel 90 % (erreicht|verfehlt)$/u);
    expect(harness.text('footer .age')).to.match(/^vor \d+ s aktualisiert$/u);
    expect(harness.text('.number')).to.match(/^\d+(,\d)?$/u);
  });

  it('sends the zone of the host, and none where the host names none', async () => {
    const withZone = harnessOf({ metric: 'call_count' });
    withZone.provider.timeZone = 'America/New_York';
    withZone.mount();
    await withZone.reached('ready');
    const without = harnessOf({ metric: 'call_count' }).mount();
    await without.reached('ready');
    const zonesOf = ({ bff }: TileHarness): readonly unknown[] => [
      ...new Set(
        bff.requests.flatMap(({ body }) => {
          const asked = (body as { requests?: { timeZone?: string }[] } | undefined)?.requests ?? [];
          return asked.map(({ timeZone }) => timeZone);
        }),
      ),
    ];
    expect(zonesOf(withZone)).to.deep.equal(['America/New_York']);
    expect(zonesOf(without)).to.deep.equal([undefined]);
  });

  it('lets a host override a token of the theme', async () => {
    const harness = harnessOf({ metric: 'call_count' });
    harness.provider.style.setProperty('--lumina-tile', 'rgb(1, 2, 3)');
    harness.mount();
    await harness.reached('ready');
    const tile = harness.find('.tile');
    expect(tile === undefined ? '' : getComputedStyle(tile).backgroundColor).to.equal('rgb(1, 2, 3)');
  });
});
