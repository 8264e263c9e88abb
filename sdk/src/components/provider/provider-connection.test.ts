import { expect, oneEvent } from '@open-wc/testing';
import '../../define/all.ts';
import type { GetToken } from '../../client/token-source.ts';
import { FakeBff } from '../../testing/fake-bff.ts';
import { TileHarness, WidgetReader } from '../../testing/tile-harness.ts';

const mounted: { remove: () => void }[] = [];

function harnessOf(attributes: Readonly<Record<string, string>> = { metric: 'call_count' }): TileHarness {
  const harness = new TileHarness(attributes);
  mounted.push(harness);
  return harness;
}

function sessionsOf(bff: FakeBff): number {
  return bff.requests.filter(({ path }) => path === '/api/session').length;
}

async function task(): Promise<void> {
  await new Promise((resolve) => {
    setTimeout(resolve);
  });
}

afterEach(() => {
  for (const one of mounted.splice(0)) one.remove();
});

describe('lumina-provider: connection', () => {
  it('is accessible while it has none', async () => {
    const provider = document.createElement('lumina-provider');
    document.body.append(provider);
    mounted.push(provider);
    await expect(provider).to.be.accessible();
    expect(provider.session).to.equal(undefined);
  });

  it('is released when the provider leaves, and restored when it comes back', async () => {
    const harness = harnessOf().mount();
    await harness.reached('ready');
    harness.remove();
    await task();
    const before = harness.bff.requests.length;
    expect(harness.provider.session).to.equal(undefined);
    document.dispatchEvent(new Event('visibilitychange'));
    globalThis.dispatchEvent(new Event('online'));
    await task();
    expect(harness.bff.requests.length).to.equal(before);
    harness.mount();
    await oneEvent(harness.provider, 'luminasession');
    await harness.reached('ready');
    expect(sessionsOf(harness.bff)).to.equal(2);
  });

  it('survives a move on the page without a new session, and the tile keeps its value', async () => {
    const harness = harnessOf().mount();
    await harness.reached('ready');
    const value = harness.valueText();
    const section = document.createElement('section');
    document.body.append(section);
    mounted.push(section);
    section.append(harness.provider);
    await harness.settled();
    expect(harness.valueText()).to.equal(value);
    await task();
    await harness.reached('ready');
    expect(sessionsOf(harness.bff)).to.equal(1);
  });

  it('takes another getToken over in place', async () => {
    const harness = harnessOf().mount();
    await harness.reached('ready');
    const { session } = harness.provider;
    const states: unknown[] = [];
    harness.widget.addEventListener('luminastate', ({ detail }: CustomEvent<{ to: string }>) => states.push(detail.to));
    harness.provider.getToken = () => 'token-2';
    await harness.provider.updateComplete;
    await harness.settled();
    expect(harness.provider.session === session).to.equal(true);
    await task();
    expect(sessionsOf(harness.bff)).to.equal(1);
    expect(states).to.deep.equal([]);
    harness.provider.refresh();
    await oneEvent(harness.provider, 'luminasession');
    expect(harness.bff.requests.at(-1)?.authorization).to.equal('Bearer token-2');
    await harness.reached('ready');
  });

  it('is shared by all providers and tiles with one address and one getToken', async () => {
    const bff = new FakeBff();
    const getToken: GetToken = () => 'token-1';
    const tiles = ['call_count', 'queue_depth'].map((metric) => {
      const widget = document.createElement('lumina-widget');
      Object.assign(widget, { metric, fetch: bff.fetch, getToken });
      mounted.push(widget);
      document.body.append(widget);
      return new WidgetReader(widget);
    });
    const provider = document.createElement('lumina-provider');
    Object.assign(provider, { fetch: bff.fetch, getToken });
    mounted.push(provider);
    document.body.append(provider);
    await Promise.all(tiles.map((tile) => tile.reached('ready')));
    expect(provider.session?.territoryName).to.equal('Albion Telecom');
    expect(sessionsOf(bff)).to.equal(1);
    tiles[0]?.widget.remove();
    provider.remove();
    await task();
    tiles[1]?.widget.refresh();
    await tiles[1]?.settled();
    expect(tiles[1]?.state).to.equal('ready');
  });

  it('tells when a token was taken over, and never the token', async () => {
    const harness = harnessOf();
    const expiresAt = Date.now() + 300_000;
    harness.provider.getToken = () => ({ token: 'secret', expiresAt });
    const told = oneEvent(harness.provider, 'luminatoken');
    harness.mount();
    const { detail } = await told;
    expect(detail).to.deep.equal({ expiresAt });
    await harness.reached('ready');
    expect(harness.provider.outerHTML).to.not.contain('secret');
  });

  it('rests and goes on', async () => {
    const harness = harnessOf().mount();
    await harness.reached('ready');
    harness.provider.suspend();
    await harness.settled();
    const value = harness.valueText();
    const before = harness.bff.requests.length;
    harness.widget.refresh();
    expect(harness.valueText()).to.equal(value);
    harness.provider.resume();
    while (harness.bff.requests.length === before) await task();
    await harness.reached('ready');
  });

  it('lets go of everything on destroy, and begins anew on refresh', async () => {
    const harness = harnessOf().mount();
    await harness.reached('ready');
    harness.provider.destroy();
    await harness.reached('idle');
    harness.provider.locale = 'en-US';
    await harness.provider.updateComplete;
    expect(harness.provider.session).to.equal(undefined);
    harness.provider.refresh();
    await harness.reached('ready');
  });

  it('shows a refusal of the host as denied, and asks it again', async () => {
    const harness = harnessOf();
    let isSignedIn = false;
    harness.provider.getToken = () => (isSignedIn ? 'token-1' : Promise.reject(new Error('signed out')));
    harness.mount();
    await harness.reached('denied');
    expect(harness.notice()?.what).to.equal('You are signed out.');
    isSignedIn = true;
    harness.find('.button')?.click();
    await harness.reached('ready');
  });

  it('shows nothing to who was signed out meanwhile, and all of it again after a new sign-in', async () => {
    const harness = harnessOf().mount();
    await harness.reached('ready');
    harness.bff.scenario = { problem: 'unauthenticated' };
    harness.widget.range = '15m';
    await harness.reached('denied');
    expect(harness.find('.number')).to.equal(undefined);
    expect(harness.notice()?.button).to.equal('Sign in again');
    harness.bff.scenario = 'live';
    harness.find('.button')?.click();
    await harness.reached('ready');
    expect(sessionsOf(harness.bff)).to.equal(2);
  });

  it('reports an address that is none, and waits', async () => {
    const harness = harnessOf();
    const warned: unknown[] = [];
    const { warn } = console;
    console.warn = (text: unknown) => warned.push(text);
    harness.provider.baseUrl = 'http://[';
    harness.mount();
    await harness.settled();
    console.warn = warn;
    expect(harness.state).to.equal('idle');
    expect(String(warned[0])).to.contain('is no address');
    harness.provider.baseUrl = '';
    await harness.reached('ready');
  });
});

describe('lumina-provider: words and looks', () => {
  it('speaks the words of the host in either language, with values in their places', async () => {
    const harness = harnessOf().mount();
    await harness.reached('ready');
    harness.provider.messages = { 'state.updated': '{0} old', 'metric.call_count': 'Telephone calls' };
    while (harness.heading() !== 'Telephone calls') await task();
    expect(harness.age()).to.match(/^\d+ s old$/u);
    harness.provider.messages = undefined;
    while (harness.heading() !== 'Calls') await task();
    expect(harness.age()).to.match(/^updated \d+ s ago$/u);
  });

  it('hands density and theme to the tiles', async () => {
    const harness = harnessOf().mount();
    harness.provider.density = 'wall';
    harness.provider.theme = 'contrast';
    await harness.reached('ready');
    await harness.provider.updateComplete;
    await harness.settled();
    expect(harness.widget.density).to.equal('wall');
    const tile = harness.find('.tile') ?? document.body;
    expect(getComputedStyle(tile).backgroundColor).to.equal('rgb(0, 0, 0)');
    expect(getComputedStyle(harness.widget).getPropertyValue('--_value-size').trim()).to.equal('56px');
  });

  it('follows the hooks of Salesforce, and its own colours where there are none', async () => {
    const harness = harnessOf().mount();
    harness.provider.theme = 'slds';
    await harness.reached('ready');
    const tile = harness.find('.tile') ?? document.body;
    expect(getComputedStyle(tile).backgroundColor).to.equal('rgb(255, 255, 255)');
    harness.provider.style.setProperty('--slds-g-color-surface-container-1', 'rgb(1, 2, 3)');
    expect(getComputedStyle(tile).backgroundColor).to.equal('rgb(1, 2, 3)');
  });

  it('reports a language and a zone that do not exist and goes on without them', async () => {
    const harness = harnessOf();
    const warned: string[] = [];
    const { warn } = console;
    console.warn = (text: string) => warned.push(text);
    harness.provider.locale = 'not a language';
    harness.provider.timeZone = 'Mars/Olympus';
    harness.mount();
    await harness.reached('ready');
    console.warn = warn;
    expect(warned.length).to.equal(2);
  });
});
