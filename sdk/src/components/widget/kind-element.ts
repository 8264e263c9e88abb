import { html } from 'lit';
import type { TemplateResult } from 'lit';
import type { WidgetKind, WidgetOptions } from '@lumina/contracts';
import type { CursorStore } from '../../client/cursor-store.ts';
import type { SeriesLabel, TileView } from '../../client/tile-view.ts';
import type { Density, ThemeName } from '../../theme/tokens.ts';

/** What the element of every kind is given; each decides for itself what of the options it uses. */
export interface KindInputs {
  readonly view: TileView;
  /** Name and colour of each series of the view, in its order. */
  readonly labels: readonly SeriesLabel[];
  readonly heading: string;
  readonly locale: string;
  readonly theme: ThemeName;
  readonly density: Density;
  /** Set while the values may not be read as current. */
  readonly muted: boolean;
  readonly options: WidgetOptions;
  /** Shared by the charts under one provider. */
  readonly cursor: CursorStore | undefined;
}

const ELEMENTS: Readonly<Record<WidgetKind, (inputs: KindInputs) => TemplateResult>> = {
  stat: (inputs) =>
    html`<lumina-stat
      class="kind"
      exportparts="value, unit, comparison, target"
      .view=${inputs.view}
      .labels=${inputs.labels}
      .heading=${inputs.heading}
      .locale=${inputs.locale}
      .theme=${inputs.theme}
      .density=${inputs.density}
      .muted=${inputs.muted}
      .options=${inputs.options}
      .target=${inputs.options.target}
      .better=${inputs.view.metrics[0]?.better ?? 'neutral'}
    ></lumina-stat>`,
  line: (inputs) =>
    html`<lumina-line
      class="kind"
      exportparts="legend, plot"
      .view=${inputs.view}
      .labels=${inputs.labels}
      .heading=${inputs.heading}
      .locale=${inputs.locale}
      .theme=${inputs.theme}
      .density=${inputs.density}
      .muted=${inputs.muted}
      .options=${inputs.options}
      .cursor=${inputs.cursor}
    ></lumina-line>`,
  bar: (inputs) =>
    html`<lumina-bar
      class="kind"
      exportparts="legend, plot"
      .view=${inputs.view}
      .labels=${inputs.labels}
      .heading=${inputs.heading}
      .locale=${inputs.locale}
      .theme=${inputs.theme}
      .density=${inputs.density}
      .muted=${inputs.muted}
      .options=${inputs.options}
    ></lumina-bar>`,
  gauge: (inputs) =>
    html`<lumina-gauge
      class="kind"
      exportparts="value, unit"
      .view=${inputs.view}
      .labels=${inputs.labels}
      .heading=${inputs.heading}
      .locale=${inputs.locale}
      .theme=${inputs.theme}
      .density=${inputs.density}
      .muted=${inputs.muted}
      .options=${inputs.options}
    ></lumina-gauge>`,
  table: (inputs) =>
    html`<lumina-table
      class="kind"
      exportparts="table"
      .view=${inputs.view}
      .labels=${inputs.labels}
      .heading=${inputs.heading}
      .locale=${inputs.locale}
      .theme=${inputs.theme}
      .density=${inputs.density}
      .muted=${inputs.muted}
      .options=${inputs.options}
    ></lumina-table>`,
};

/** The element of a kind with its inputs. */
export function kindElement(kind: WidgetKind, inputs: KindInputs): TemplateResult {
  return ELEMENTS[kind](inputs);
}
