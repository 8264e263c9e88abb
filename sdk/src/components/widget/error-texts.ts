import { msg, str } from '@lit/localize';
import type { LuminaError } from '../../client/lumina-error.ts';
import { metricDefinition, metricTitle } from '../../i18n/metric-titles.ts';

/** One sentence of what an error means; `metrics` are those the tile asks for. */
export function whatOf(error: LuminaError, metrics: readonly string[] = []): string {
  return queryProblem(error, metrics) ?? codeText(error);
}

/** What the service says of one query among others. */
function queryProblem(error: LuminaError, metrics: readonly string[]): string | undefined {
  switch (error.problem) {
    case 'unknown_metric': {
      // The service does not say which: what this build does not know either is the likeliest.
      const strange = metrics.filter((metric) => metricDefinition(metric) === undefined);
      const named = (strange.length > 0 ? strange : metrics).map((metric) => metricTitle(metric));
      const names = named.join(', ');
      return named.length > 1
        ? msg(str`One of these metrics does not exist: ${names}.`, { id: 'error.metrics.what' })
        : msg(str`There is no metric “${names}”.`, { id: 'error.metric.what' });
    }
    case 'bin_too_small':
      return msg('The steps are too small for this range.', { id: 'error.bin.what' });
    case 'beyond_retention':
      return msg('The range reaches back further than data is kept.', { id: 'error.retention.what' });
    case 'dimension_unsupported':
      return msg('This metric cannot be grouped or filtered like this.', { id: 'error.dimension.what' });
    case 'out_of_scope':
      return msg('This metric lies outside what you may see.', { id: 'error.scope.what' });
    default:
      return undefined;
  }
}

function codeText(error: LuminaError): string {
  switch (error.code) {
    case 'AUTH_REQUIRED':
    case 'TOKEN_REJECTED':
      return msg('You are signed out.', { id: 'error.auth.what' });
    case 'SCOPE_DENIED':
      return msg('You may not see this.', { id: 'error.denied.what' });
    case 'REGION_UNKNOWN':
      return msg('Your account names an unknown region.', { id: 'error.regionUnknown.what' });
    case 'REGION_UNAVAILABLE':
      return msg('Your region does not answer.', { id: 'error.region.what' });
    case 'OFFLINE':
      return msg('Lumina cannot be reached.', { id: 'error.offline.what' });
    case 'TIMEOUT':
      return msg('The answer took too long.', { id: 'error.timeout.what' });
    case 'RATE_LIMITED':
      return msg('Too many requests just now.', { id: 'error.busy.what' });
    case 'QUERY_INVALID':
    case 'NOT_FOUND':
    case 'CONFLICT':
      return msg('This widget asks for something that does not exist.', { id: 'error.query.what' });
    case 'UPGRADE_REQUIRED':
      return msg('A newer version of this board is available.', { id: 'error.upgrade.what' });
    case 'INTERNAL':
      return msg('Something went wrong on our side.', { id: 'error.internal.what' });
  }
}

/** One sentence of what to do about it. */
export function adviceOf(error: LuminaError): string {
  switch (error.code) {
    case 'AUTH_REQUIRED':
    case 'TOKEN_REJECTED':
      return msg('Sign in again to continue.', { id: 'error.auth.do' });
    case 'SCOPE_DENIED':
    case 'REGION_UNKNOWN':
      return msg('Ask an administrator of your territory.', { id: 'error.denied.do' });
    case 'QUERY_INVALID':
    case 'NOT_FOUND':
    case 'CONFLICT':
      return msg('Check its metric, filters and range.', { id: 'error.query.do' });
    case 'UPGRADE_REQUIRED':
      return msg('Reload the page.', { id: 'error.upgrade.do' });
    default:
      return error.retryable
        ? msg('It tries again by itself.', { id: 'error.retry.do' })
        : msg('Try again, and report the code below if it stays.', { id: 'error.report.do' });
  }
}

/** Whether a new sign-in is the way out. */
export function isSignedOut(error: LuminaError): boolean {
  return error.code === 'AUTH_REQUIRED' || error.code === 'TOKEN_REJECTED';
}
