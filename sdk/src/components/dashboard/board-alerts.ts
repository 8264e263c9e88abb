import { msg, str } from '@lit/localize';
import { html, nothing } from 'lit';
import type { ReactiveControllerHost, TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { AlertSeverity } from '@lumina/contracts';
import type { LuminaAlert } from '../../client/alerts.ts';
import { AlertsController } from '../../controllers/alerts-controller.ts';
import type { LuminaScope } from '../../controllers/lumina-scope.ts';
import { ICONS } from '../icons.ts';
import { toneWord } from '../kind/tones.ts';
import { BY_GRAVITY, SEVERITY_ICONS, alertCount, alertDetail, alertText } from '../widget/alert-words.ts';
import type { AlertTerms } from '../widget/alert-words.ts';
import { gravestOf } from '../widget/tile-alerts.ts';
import { BOARD_ICONS } from './board-icons.ts';

/** So many stand one by one; more are counted, and listed when somebody asks. */
const MAX_SHOWN = 2;

/** What fires, over the tiles: a line for each, or one for all of them. */
export class BoardAlerts extends AlertsController {
  readonly #host: ReactiveControllerHost;
  readonly #scopeOf: () => LuminaScope | undefined;
  #shown: readonly LuminaAlert[] = [];
  #isOpen = false;
  #polite = '';
  #urgent = '';

  constructor(host: ReactiveControllerHost, scopeOf: () => LuminaScope | undefined) {
    super(host, scopeOf);
    this.#host = host;
    this.#scopeOf = scopeOf;
  }

  /** The lines, and what a screen reader is told; the latter has its place before there is anything to tell. */
  render(timeZone = 'UTC'): TemplateResult {
    const scope = this.#scopeOf();
    const nowMs = scope?.client.clock.nowMs() ?? Date.now();
    const terms: AlertTerms = { locale: scope?.locale ?? 'en', timeZone, nowMs };
    this.#take(this.firing, terms);
    return html`${this.#shown.length === 0 ? nothing : this.#region(terms)}
      <p class="visually-hidden" role="status">${this.#polite}</p>
      <p class="visually-hidden" role="alert">${this.#urgent}</p>`;
  }

  /** Finds the words for what is new. */
  #take(firing: readonly LuminaAlert[], terms: AlertTerms): void {
    const before = this.#shown;
    this.#shown = firing;
    if (firing.length <= MAX_SHOWN) this.#isOpen = false;
    const begun = firing.filter((alert) => !before.some((known) => isSame(known, alert)));
    const over = before.filter(({ ruleId }) => !firing.some((alert) => alert.ruleId === ruleId));
    if (begun.length === 0 && over.length === 0) return;
    const urgent = begun.filter(({ severity }) => severity === 'critical');
    const calm = begun.filter(({ severity }) => severity !== 'critical');
    if (urgent.length > 0) this.#urgent = newsOf(urgent, terms);
    const ends = over.map(({ name }) => msg(str`Over: ${name}`, { id: 'alert.over' }));
    this.#polite = [...(calm.length > 0 ? [newsOf(calm, terms)] : []), ...ends].join('. ');
  }

  #region(terms: AlertTerms): TemplateResult {
    const isMany = this.#shown.length > MAX_SHOWN;
    return html`<section class="alerts" part="alerts" .ariaLabel=${msg('Alerts', { id: 'alert.region' })}>
      ${isMany ? this.#summary() : nothing} ${isMany && !this.#isOpen ? nothing : this.#list(terms, isMany)}
    </section>`;
  }

  #summary(): TemplateResult {
    return html`<button
      .className=${`alert-summary ${gravestOf(this.#shown)}`}
      part="alerts-button"
      type="button"
      aria-controls="alerts"
      .ariaExpanded=${String(this.#isOpen)}
      @click=${this.#toggle}
    >
      <span class="count">${alertCount(this.#shown.length)}</span>
      ${BY_GRAVITY.map((severity) => tally(severity, this.#shown))}
      <span class="names">${this.#isOpen ? nothing : this.#shown.map(({ name }) => name).join(' · ')}</span>
      <svg class="chevron" viewBox="0 0 16 16" aria-hidden="true">${BOARD_ICONS.chevron}</svg>
    </button>`;
  }

  #list(terms: AlertTerms, isMany: boolean): TemplateResult {
    return html`<ul id="alerts" class="alert-list" .tabIndex=${isMany ? 0 : -1}>
      ${repeat(
        this.#shown,
        ({ ruleId }) => ruleId,
        (alert) => line(alert, terms),
      )}
    </ul>`;
  }

  readonly #toggle = (): void => {
    this.#isOpen = !this.#isOpen;
    this.#host.requestUpdate();
  };
}

function isSame(a: LuminaAlert, b: LuminaAlert): boolean {
  return a.ruleId === b.ruleId && a.since === b.since;
}

function newsOf(alerts: readonly LuminaAlert[], terms: AlertTerms): string {
  const words = alerts.slice(0, MAX_SHOWN).map((alert) => alertText(alert, terms));
  return (alerts.length > MAX_SHOWN ? [alertCount(alerts.length), ...words] : words).join('. ');
}

function sign(severity: AlertSeverity, words: string): TemplateResult {
  return html`<span .className=${`severity ${severity}`}
    ><svg viewBox="0 0 16 16" aria-hidden="true">${ICONS[SEVERITY_ICONS[severity]]}</svg>${words}</span
  >`;
}

function tally(severity: AlertSeverity, alerts: readonly LuminaAlert[]): TemplateResult | typeof nothing {
  const count = alerts.filter((alert) => alert.severity === severity).length;
  return count === 0 ? nothing : html`${sign(severity, `${toneWord(severity)} ${String(count)}`)}${' '}`;
}

function line(alert: LuminaAlert, terms: AlertTerms): TemplateResult {
  return html`<li .className=${`alert ${alert.severity}`} part="alert">
    ${sign(alert.severity, toneWord(alert.severity))}
    <span class="name" .title=${alert.name}>${alert.name}</span>
    <span class="detail">${alertDetail(alert, terms)}</span>
  </li>`;
}
