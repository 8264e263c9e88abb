import type { Response } from 'express';
import { upgradeDashboard } from '@lumina/contracts';
import type { Dashboard } from '@lumina/contracts';
import { HttpProblem } from '../../http/problem.ts';
import type { GuardedWrite, Outcome, StoredDashboard } from './dashboard-store.ts';

/** The same words for what is not there, what is another territory's, and what may not be seen. */
export function missing(id: string): HttpProblem {
  return new HttpProblem('not_found', `There is no dashboard ${id}.`);
}

/** What a change of a dashboard led to, or the problem that it led to. */
export function valueOf<T>(outcome: Outcome<T>, id: string): T {
  switch (outcome.kind) {
    case 'done':
      return outcome.value;
    case 'missing':
      throw missing(id);
    case 'forbidden':
      throw new HttpProblem(
        'forbidden',
        'You may see this dashboard but not do that with it; ask its owner, or copy it and change the copy.',
      );
  }
}

/** What a guarded write led to; a conflict gives both versions back, the stored one and what was sent. */
export function writtenOf(outcome: GuardedWrite, id: string, submitted?: Dashboard): StoredDashboard {
  if (outcome.kind !== 'stale') return valueOf(outcome, id);
  const { current, draft } = outcome;
  const { version, updatedAt, updatedBy } = current;
  throw new HttpProblem(
    'conflict',
    draft === undefined
      ? 'Somebody saved this dashboard in the meantime; load it again and repeat the change.'
      : `Somebody saved this dashboard in the meantime. What you sent is kept as draft ${draft}; load the dashboard again and repeat the change.`,
    {
      extensions: {
        current: { version, updatedAt, updatedBy, body: currentBody(current) },
        ...(submitted === undefined ? {} : { submitted }),
        ...(draft === undefined ? {} : { draft }),
      },
    },
  );
}

/** Stored JSON may be older than this release; callers only ever see the current version. */
export function currentBody({ title, body }: { readonly title: string; readonly body: unknown }): Dashboard {
  return upgradeDashboard({ title, ...(typeof body === 'object' && body !== null ? body : {}) });
}

/** Answers a dashboard. Not to be kept by a browser: what its reader may do can change while its version does not. */
export function send(response: Response, dashboard: StoredDashboard): void {
  response
    .set('ETag', `"${String(dashboard.version)}"`)
    .set('Cache-Control', 'no-store')
    .json({ ...dashboard, body: currentBody(dashboard) });
}
