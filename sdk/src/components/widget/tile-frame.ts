import { msg, str } from '@lit/localize';
import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import type { WidgetState } from '../../client/widget-state.ts';
import { formatAge, formatInstant, zoneName } from '../../i18n/format.ts';
import { ICONS } from '../icons.ts';
import { definitionPanel } from './definition-panel.ts';
import type { DefinitionInputs } from './definition-panel.ts';
import { whatOf } from './error-texts.ts';
import { alertEntries, alertMark } from './tile-alerts.ts';
import type { TileAlarm } from './tile-alerts.ts';
import { STATE_ICONS, ageText } from './state-texts.ts';
import type { TileController } from './tile-controller.ts';
import { moveInMenu, tileMenu } from './tile-menu.ts';
import type { TileAction } from './tile-menu.ts';

/** The header of a tile. */
export interface HeaderInputs {
  readonly heading: string;
  readonly subtitle: string;
  /** What fires about its numbers. */
  readonly alerts: TileAlarm | undefined;
  /** The menu; absent while there is nothing to do it with. */
  readonly menu:
    | {
        readonly isTable: boolean;
        readonly isOpen: boolean;
        readonly onToggle: (event: Event) => void;
        readonly onAction: (action: TileAction) => void;
      }
    | undefined;
}

/** Title, subtitle and menu. */
export function tileHeader({ heading, subtitle, alerts, menu }: HeaderInputs): TemplateResult {
  return html`<header part="header">
    <div class="titles">
      ${alertMark(alerts)}
      <h3 part="heading" .title=${heading}>${heading}</h3>
      <span class="subtitle" part="subtitle" .title=${subtitle}>${subtitle}</span>
    </div>
    ${menu === undefined ? nothing : tileMenuParts(heading, menu, alerts?.words ?? [])}
  </header>`;
}

function tileMenuParts(
  heading: string,
  menu: NonNullable<HeaderInputs['menu']>,
  alerts: readonly string[],
): TemplateResult {
  const label = msg(str`Menu of ${heading}`, { id: 'menu.label' });
  return html`<button
      class="menu opener icon-button"
      part="menu-button"
      type="button"
      aria-haspopup="menu"
      .ariaExpanded=${String(menu.isOpen)}
      .ariaLabel=${label}
      .title=${label}
    >
      <svg viewBox="0 0 16 16" aria-hidden="true">${ICONS.more}</svg>
    </button>
    <div
      class="menu panel"
      part="menu"
      role="menu"
      .popover=${'auto'}
      .ariaLabel=${label}
      @toggle=${menu.onToggle}
      @keydown=${moveInMenu}
    >
      ${tileMenu(menu.isTable, menu.onAction)}${alertEntries(alerts)}
    </div>`;
}

/** The footer of a tile. */
export interface FooterInputs {
  readonly state: WidgetState;
  readonly tile: TileController;
  readonly locale: string;
  readonly definition: DefinitionInputs;
  readonly isDefinitionOpen: boolean;
  readonly onDefinitionToggle: (event: Event) => void;
}

/** How old the data is and what that means, a zone that differs, and the way to the definition. */
export function tileFooter(inputs: FooterInputs): TemplateResult {
  const { state, tile, locale } = inputs;
  return html`<footer part="footer">
    <svg viewBox="0 0 16 16" aria-hidden="true">${ICONS[STATE_ICONS[state]]}</svg>
    <span class="age" part="age">${ageText(state, ageWords(tile, locale))}</span>
    ${missingPart(tile)} ${notes(tile, locale)}
    <span class="end">${zoneChip(tile, locale)} ${definitionParts(inputs)}</span>
  </footer>`;
}

function ageWords(tile: TileController, locale: string): Parameters<typeof ageText>[1] {
  const { coveredUntilMs, view } = tile;
  if (coveredUntilMs === undefined || view === undefined) return undefined;
  return {
    age: formatAge(tile.ageMs, locale),
    asOf: formatInstant(coveredUntilMs, tile.nowMs, locale, view.timeZone),
    isFollowing: tile.isFollowing,
  };
}

function missingPart(tile: TileController): TemplateResult | typeof nothing {
  const { missingPart: error } = tile;
  if (error === undefined) return nothing;
  const what = whatOf(error, tile.question?.query.metrics);
  const words = msg('partly missing', { id: 'state.partly' });
  return html`<span class="partly" .title=${what}
    ><svg viewBox="0 0 16 16" aria-hidden="true">${ICONS.alert}</svg>${words}<span class="visually-hidden"
      >: ${what}</span
    ></span
  >`;
}

/** What a reader should know of numbers that are true all the same. */
function notes(tile: TileController, locale: string): TemplateResult | typeof nothing {
  const { budget, isCarried } = tile;
  if (budget?.state === 'slow') {
    const rhythm = formatAge(budget.refreshMs, locale);
    return note(
      msg('slowed', { id: 'note.slowed' }),
      msg(str`The budget for queries of today is used up: new data every ${rhythm}.`, { id: 'note.slowedWhy' }),
    );
  }
  if (isCarried) {
    return note(
      msg('carried on', { id: 'note.carried' }),
      msg('Some samples are missing; the level was carried on by who came and who left.', { id: 'note.carriedWhy' }),
    );
  }
  if (budget === undefined) return nothing;
  return note(
    msg('budget', { id: 'note.budget' }),
    msg('The budget for queries of today is nearly used up.', { id: 'note.budgetWhy' }),
  );
}

function note(words: string, why: string): TemplateResult {
  return html`<span class="note" part="note" .title=${why}
    ><svg viewBox="0 0 16 16" aria-hidden="true">${ICONS.info}</svg>${words}<span class="visually-hidden"
      >: ${why}</span
    ></span
  >`;
}

function zoneChip(tile: TileController, locale: string): TemplateResult | typeof nothing {
  const { view, scope } = tile;
  const usual = scope?.timeZone ?? scope?.session?.timeZone;
  if (view === undefined || usual === undefined || view.timeZone === usual) return nothing;
  const label = msg(str`Times in ${view.timeZone}`, { id: 'zone.label' });
  return html`<span class="zone" part="zone" .title=${label}
    ><span class="visually-hidden">${label}</span
    ><span aria-hidden="true">${zoneName(view.timeZone, locale, view.toMs)}</span></span
  >`;
}

function definitionParts(inputs: FooterInputs): TemplateResult | typeof nothing {
  if (inputs.definition.metrics.length === 0) return nothing;
  const label = msg('Definition', { id: 'definition.label' });
  return html`<button
      class="definition opener icon-button"
      part="definition-button"
      type="button"
      .ariaExpanded=${String(inputs.isDefinitionOpen)}
      .ariaLabel=${label}
      .title=${label}
    >
      <svg viewBox="0 0 16 16" aria-hidden="true">${ICONS.info}</svg>
    </button>
    <div
      class="definition panel"
      part="definition"
      role="note"
      tabindex="-1"
      .popover=${'auto'}
      .ariaLabel=${label}
      @toggle=${inputs.onDefinitionToggle}
    >
      ${inputs.isDefinitionOpen ? definitionPanel(inputs.definition) : nothing}
    </div>`;
}
