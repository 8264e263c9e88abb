import { LitElement, css, html } from 'lit';
import type { TemplateResult } from 'lit';
import { localized, msg } from '@lit/localize';
import { customElement, property } from 'lit/decorators.js';
import { themeStyles } from '@lumina/sdk';
import type { SessionInfo, ThemeName } from '@lumina/sdk';

const NOW = { stat: 'now' } as const;

/** The live board: what happens now on top, the last hour below. */
@customElement('app-board')
@localized()
export class AppBoard extends LitElement {
  static override styles = [
    themeStyles,
    css`
      :host {
        display: block;
        max-width: 1680px;
        margin: 0 auto;
        padding: 16px 24px 32px;
      }
      h1 {
        margin: 0 0 2px;
        font-size: 20px;
        font-weight: 600;
        line-height: 28px;
        letter-spacing: -0.01em;
        color: var(--_text-strong);
      }
      .intro {
        margin: 0 0 16px;
        font-size: 13px;
        line-height: 18px;
        color: var(--_text-muted);
      }
      h2 {
        margin: 24px 0 8px;
        font-size: 14px;
        font-weight: 600;
        line-height: 20px;
        color: var(--_text);
      }
      .grid {
        display: grid;
        grid-template-columns: repeat(12, minmax(0, 1fr));
        gap: 12px;
      }
      .grid > * {
        grid-column: span 3;
      }
      .grid > .half {
        grid-column: span 6;
      }
      .grid > .third {
        grid-column: span 4;
      }
      @media (max-width: 1100px) {
        .grid > * {
          grid-column: span 6;
        }
        .grid > .half {
          grid-column: span 12;
        }
      }
      @media (max-width: 520px) {
        :host {
          padding: 12px;
        }
        .grid > *,
        .grid > .third,
        .grid > .half {
          grid-column: span 12;
        }
      }
    `,
  ];

  /** The page's theme. */
  @property({ reflect: true }) theme: ThemeName = 'light';

  /** Whose numbers these are. */
  @property({ attribute: false }) session: SessionInfo | undefined;

  protected override render(): TemplateResult {
    const zone = this.session?.timeZone.replaceAll('_', ' ');
    return html`
      <h1>${msg('Live overview', { id: 'board.title' })}</h1>
      <p class="intro">
        ${msg('Calls, queues and agents right now.', { id: 'board.intro' })}
        ${zone === undefined ? '' : `${msg('Times in', { id: 'board.zone' })} ${zone}.`}
      </p>
      ${this.#now()} ${this.#lastHour()}
    `;
  }

  #now(): TemplateResult {
    const now = msg('now', { id: 'board.now' });
    return html`<h2>${msg('Now', { id: 'board.nowTitle' })}</h2>
      <div class="grid">
        <lumina-widget metric="queue_depth" .options=${NOW} bin="1m" subtitle=${now}></lumina-widget>
        <lumina-widget metric="longest_wait" bin="1m" subtitle=${now}></lumina-widget>
        <lumina-widget metric="agent_available_count" .options=${NOW} bin="1m" subtitle=${now}></lumina-widget>
        <lumina-widget metric="calls_in_progress" bin="1m" subtitle=${now}></lumina-widget>
        <lumina-widget class="half" kind="line" metric="queue_depth" group-by="queue_id" .options=${NOW} bin="1m">
        </lumina-widget>
        <lumina-widget class="half" kind="line" metric="call_count" group-by="direction" bin="1m"></lumina-widget>
      </div>`;
  }

  #lastHour(): TemplateResult {
    return html`<h2>${msg('Last hour', { id: 'board.hourTitle' })}</h2>
      <div class="grid">
        <lumina-widget metric="call_count" bin="1m"></lumina-widget>
        <lumina-widget metric="call_answer_rate" target="90" bin="5m"></lumina-widget>
        <lumina-widget metric="queue_service_level" target="80" bin="5m"></lumina-widget>
        <lumina-widget metric="queue_wait_time" bin="5m"></lumina-widget>
        <lumina-widget class="half" kind="line" metric="queue_service_level" group-by="queue_id" bin="5m">
        </lumina-widget>
        <lumina-widget class="half" kind="line" metric="longest_wait" group-by="queue_id" bin="1m"></lumina-widget>
      </div>`;
  }
}
