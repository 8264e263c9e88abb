import type { MetricUnit } from '@lumina/contracts';
import type { TileSeries, TileView } from '../../../client/tile-view.ts';
import { themeStyles } from '../../../theme/theme-styles.ts';
import type { ThemeName } from '../../../theme/tokens.ts';
import type { TileKind } from '../tile-kind.ts';

const MINUTE_MS = 60_000;
const TO_MS = Date.UTC(2026, 10, 25, 14, 30, 20);
const FROM_MS = TO_MS - 30 * MINUTE_MS;

/** Names of queues, one of them 40 characters long. */
export const QUEUE_NAMES = ['Sales', 'Support', 'Billing', 'Priority customers of all Europe, day tm'] as const;

/** A series of a queue, or of the whole for an empty name. */
export function seriesOf(name: string, level: number, more: Partial<TileSeries> = {}): TileSeries {
  const points: [number, number][] = [];
  for (let atMs = Math.ceil(FROM_MS / MINUTE_MS) * MINUTE_MS; atMs < TO_MS; atMs += MINUTE_MS) {
    points.push([atMs, Math.round(level * (1 + 0.3 * Math.sin(atMs / 300_000 + level)))]);
  }
  return {
    key: `${more.metric ?? 'call_count'} ${name}`,
    metric: 'call_count',
    unit: 'count',
    better: 'neutral',
    dimension: name === '' ? '' : 'queue_id',
    value: name,
    group: name === '' ? {} : { queue_id: name },
    points,
    total: level * 10,
    ...more,
  };
}

/** A view of half an hour that ends in an open bucket. */
export function viewOf(series: readonly TileSeries[], more: Partial<TileView> = {}): TileView {
  const unit: MetricUnit = series[0]?.unit ?? 'count';
  const metrics = [
    ...new Map(series.map(({ metric, unit: own, better }) => [metric, { id: metric, unit: own, better }])),
  ].map(([, metric]) => metric);
  return {
    series,
    metrics,
    unit,
    fromMs: FROM_MS,
    toMs: TO_MS,
    openFromMs: Math.floor(TO_MS / MINUTE_MS) * MINUTE_MS,
    timeZone: 'Europe/London',
    hasValues: series.some(({ total }) => total !== null),
    ...more,
  };
}

/** Tags under test with the box around them. */
export class KindFixture {
  readonly #roots: HTMLElement[] = [];

  /** Puts a tag on the page in a box with the colours of a theme, and waits until it has drawn. */
  async mount<Kind extends TileKind>(
    tag: string,
    inputs: Partial<Kind>,
    box: { readonly theme?: ThemeName; readonly widthPx?: number; readonly heightPx?: number } = {},
  ): Promise<Kind> {
    const { theme = 'light', widthPx = 480, heightPx = 240 } = box;
    const root = document.createElement('div');
    root.setAttribute('theme', theme);
    const shadow = root.attachShadow({ mode: 'open' });
    if (themeStyles.styleSheet !== undefined) shadow.adoptedStyleSheets = [themeStyles.styleSheet];
    const tile = document.createElement('div');
    tile.style.cssText = `display:flex;flex-direction:column;width:${String(widthPx)}px;height:${String(heightPx)}px;background:var(--_tile)`;
    const element = Object.assign(document.createElement(tag), { heading: 'Calls', locale: 'en-GB', theme, ...inputs });
    tile.append(element);
    shadow.append(tile);
    document.body.append(root);
    this.#roots.push(root);
    await this.drawn();
    return element as unknown as Kind;
  }

  /** Resolves after everything asked for so far has been drawn. */
  async drawn(): Promise<void> {
    for (let left = 4; left > 0; left -= 1) await new Promise((resolve) => requestAnimationFrame(resolve));
  }

  /** Takes everything off the page. */
  clear(): void {
    for (const root of this.#roots.splice(0)) root.remove();
  }
}

/** The first match in a tag's shadow root. */
export function find(element: Element, selector: string): HTMLElement | undefined {
  return element.shadowRoot?.querySelector<HTMLElement>(selector) ?? undefined;
}

/** The texts of all matches, single-spaced. */
export function texts(element: Element, selector: string): readonly string[] {
  return [...(element.shadowRoot?.querySelectorAll(selector) ?? [])].map((one) =>
    one.textContent.replaceAll(/\s+/gu, ' ').trim(),
  );
}

/** Presses a key on the plot. */
export function press(element: Element, key: string, more: KeyboardEventInit = {}): void {
  find(element, '.plot')?.dispatchEvent(
    new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...more }),
  );
}

/** Calls of an event so far. */
export function heard(element: Element, type: string): unknown[] {
  const details: unknown[] = [];
  element.addEventListener(type, (event) => details.push((event as CustomEvent<unknown>).detail));
  return details;
}
