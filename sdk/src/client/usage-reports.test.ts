import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { MAX_CLIENT_EVENTS } from '@lumina/contracts';
import { SDK_VERSION } from './sdk-version.ts';
import { UsageReports } from './usage-reports.ts';

interface Sent {
  readonly sdkVersion: string;
  readonly events: readonly { readonly type: string }[];
}

function bench(send?: (report: unknown) => Promise<void>): {
  reports: UsageReports;
  sent: Sent[];
  pass: () => Promise<void>;
} {
  const sent: Sent[] = [];
  let due: (() => void)[] = [];
  const reports = new UsageReports({
    send: (report) => {
      sent.push(report as Sent);
      return send?.(report) ?? Promise.resolve();
    },
    timers: {
      after: (_delayMs, run) => {
        due.push(run);
        return () => {
          due = due.filter((other) => other !== run);
        };
      },
    },
  });
  const pass = async (): Promise<void> => {
    const now = due;
    due = [];
    for (const run of now) run();
    await Promise.resolve();
    await Promise.resolve();
  };
  return { reports, sent, pass };
}

describe('reports of use', () => {
  const failed = { type: 'widget_error', code: 'TIMEOUT', kind: 'stat' } as const;

  it('gather what happens together, and tell the same error once', async () => {
    const { reports, sent, pass } = bench();
    reports.report({ type: 'dashboard_viewed' });
    for (let times = 0; times < 100; times += 1) reports.report(failed);
    reports.report({ ...failed, kind: 'line' });
    await pass();
    reports.report(failed);
    await pass();
    assert.deepEqual(sent, [
      { sdkVersion: SDK_VERSION, events: [{ type: 'dashboard_viewed' }, failed, { ...failed, kind: 'line' }] },
    ]);
  });

  it('hold no more than the service takes at once', async () => {
    const { reports, sent, pass } = bench();
    for (let times = 0; times < 200; times += 1) reports.report({ type: 'dashboard_viewed' });
    await pass();
    assert.equal(sent[0]?.events.length, MAX_CLIENT_EVENTS);
  });

  it('end where they are refused, and where the client ends', async () => {
    const refused = bench(() => Promise.reject(new Error('429')));
    refused.reports.report({ type: 'dashboard_viewed' });
    await refused.pass();
    refused.reports.report({ type: 'dashboard_viewed' });
    await refused.pass();
    assert.equal(refused.sent.length, 1);
    const ended = bench();
    ended.reports.report({ type: 'dashboard_viewed' });
    ended.reports.stop();
    await ended.pass();
    assert.deepEqual(ended.sent, []);
  });
});

it('the version that is told is that of the package', () => {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  assert.equal(SDK_VERSION, version);
});
