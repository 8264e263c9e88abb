import { msg } from '@lit/localize';
import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import type { LuminaError } from '../../client/lumina-error.ts';
import type { WidgetState } from '../../client/widget-state.ts';
import { ICONS } from '../icons.ts';
import type { IconName } from '../icons.ts';
import { adviceOf, isSignedOut, whatOf } from './error-texts.ts';
import { STATE_ICONS } from './state-texts.ts';

interface Notice {
  readonly icon: IconName;
  readonly look: WidgetState;
  readonly what: string;
  readonly advice: string;
  readonly code?: string;
  readonly button?: TemplateResult;
}

/** What stands in place of data: an icon, what it means, what to do, and one button. */
function notice({ icon, look, what, advice, code, button }: Notice): TemplateResult {
  return html`<div part="notice" .className=${`notice ${look}`}>
    <div class="notice-content">
      <svg viewBox="0 0 16 16" aria-hidden="true">${ICONS[icon]}</svg>
      <p class="what">${what}</p>
      <p class="advice">${advice}</p>
      ${code === undefined ? nothing : html`<p class="code" .title=${code}>${code}</p>`} ${button ?? nothing}
    </div>
  </div>`;
}

/** Why there is no data, with the code and the request's id for whoever is asked for help. */
export function errorNotice(
  state: WidgetState,
  error: LuminaError,
  metrics: readonly string[],
  onRetry: () => void,
): TemplateResult {
  const words = isSignedOut(error)
    ? msg('Sign in again', { id: 'action.signIn' })
    : msg('Try again', { id: 'action.retry' });
  return notice({
    icon: STATE_ICONS[state],
    look: state,
    what: whatOf(error, metrics),
    advice: adviceOf(error),
    code: [error.problem ?? error.code, error.requestId].filter((part) => part !== undefined).join(' · '),
    button: html`<button class="button" part="button" type="button" @click=${onRetry}>${words}</button>`,
  });
}

/** A period in which nothing happened. */
export function emptyNotice(): TemplateResult {
  return notice({
    icon: 'empty',
    look: 'empty',
    what: msg('No data in this period', { id: 'stat.noData' }),
    advice: msg('New data appears here by itself.', { id: 'empty.do' }),
  });
}

/** No network, and nothing to show from before. */
export function offlineNotice(): TemplateResult {
  return notice({
    icon: 'offline',
    look: 'offline',
    what: msg('You are offline.', { id: 'offline.what' }),
    advice: msg('Data appears when the network is back.', { id: 'offline.do' }),
  });
}

/** A tile that has nothing to ask, or nobody to ask. */
export function idleNotice(hasMetric: boolean): TemplateResult {
  return notice({
    icon: 'idle',
    look: 'idle',
    what: hasMetric
      ? msg('Not connected', { id: 'idle.provider.what' })
      : msg('No metric chosen', { id: 'idle.metric.what' }),
    advice: hasMetric
      ? msg('This tile needs a provider around it, or an address and a token of its own.', { id: 'idle.provider.do' })
      : msg('Give this tile a metric to show.', { id: 'idle.metric.do' }),
  });
}
