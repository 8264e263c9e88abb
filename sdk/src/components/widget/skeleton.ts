import { html } from 'lit';
import type { TemplateResult } from 'lit';
import type { WidgetKind } from '@lumina/contracts';

const SKELETONS: Readonly<Record<WidgetKind, () => TemplateResult>> = {
  stat: () =>
    html`<div class="skeleton number"></div>
      <div class="skeleton spark"></div>`,
  line: () =>
    html`<div class="skeleton legend"></div>
      <div class="skeleton plot"></div>`,
  bar: () =>
    html`<div class="skeleton bars">
      <div class="skeleton bar-1"></div>
      <div class="skeleton bar-2"></div>
      <div class="skeleton bar-3"></div>
      <div class="skeleton bar-4"></div>
    </div>`,
  gauge: () => html`<div class="skeleton arc"></div>`,
  table: () =>
    html`<div class="skeleton rows">
      <div class="skeleton row head"></div>
      <div class="skeleton row"></div>
      <div class="skeleton row"></div>
      <div class="skeleton row"></div>
      <div class="skeleton row"></div>
    </div>`,
};

/** What stands for a kind until its data is there, of its size, so that nothing jumps. */
export function skeletonOf(kind: WidgetKind): TemplateResult {
  return SKELETONS[kind]();
}
