import '../src/page.css';
import '@lumina/sdk/define';
import { FAKE_DASHBOARDS, FakeBff } from '@lumina/sdk/testing';
import type { FakeScenario } from '@lumina/sdk/testing';
import { startPage } from '../src/app.ts';
import { PageConfigError } from '../src/page-config.ts';
import { SignInError } from '../src/sign-in.ts';

/**
 * The page against an invented service: `?scenario=live|empty|late|stale|offline|hanging|…`. A scenario stays for the
 * tab, so that every page can be looked at in it; `&now` lets it begin at once instead of after the page has opened.
 */
const KEY = 'lumina.preview';
const query = new URLSearchParams(location.search);
if (query.has('scenario')) sessionStorage.setItem(KEY, `${query.get('scenario') ?? ''}${query.has('now') ? '!' : ''}`);
const wish = sessionStorage.getItem(KEY) ?? 'live';
const scenario = wish.replace('!', '');

const PROBLEMS: Readonly<Record<string, FakeScenario>> = {
  denied: { problem: 'forbidden' },
  error: { problem: 'region_unavailable' },
  territory: { problem: 'territory_required' },
  unknown: { problem: 'region_unknown' },
};

function scenarioOf(name: string): FakeScenario {
  const plain: readonly FakeScenario[] = ['live', 'empty', 'late', 'stale', 'offline', 'hanging', 'refused'];
  return PROBLEMS[name] ?? plain.find((one) => one === name) ?? 'live';
}

function boardsOf(name: string): typeof FAKE_DASHBOARDS {
  if (name === 'no-boards') return [];
  if (name === 'long-title') return FAKE_DASHBOARDS.map((board) => ({ ...board, title: 'Unbroken'.repeat(25) }));
  if (name !== 'many-boards') return FAKE_DASHBOARDS;
  return Array.from({ length: 8 }, (_one, index) =>
    FAKE_DASHBOARDS.map((board) => ({
      ...board,
      id: `${board.id}-${String(index)}`,
      title: `${board.title}, team ${String(index + 1)} of the service centre for Northern and Western Europe`,
    })),
  ).flat();
}

const fake = new FakeBff({ dashboards: boardsOf(scenario) });
fake.gaps = query.has('gaps') ? [12, 13, 14, 30, 32] : [];
// The board opens first, as in life; then the trouble starts.
if (wish.endsWith('!')) fake.scenario = scenarioOf(scenario);
else setTimeout(() => (fake.scenario = scenarioOf(scenario)), 1500);

/** A super administrator is let in once a territory is named, as the service does it. */
const throughTheDoor: typeof fetch = (input, init) => {
  if (scenario === 'territory') {
    fake.scenario = new Headers(init?.headers).has('X-Territory-Id') ? 'live' : scenarioOf(scenario);
  }
  return fake.fetch(input, init);
};

let isSessionOver = false;
function endSession(): void {
  isSessionOver = true;
  fake.scenario = { problem: 'unauthenticated' };
}
if (scenario === 'session-over') setTimeout(endSession, 1500);

startPage({
  loadConfig: () => {
    if (scenario === 'unconfigured') return Promise.reject(new PageConfigError('Missing in /config.json: auth0Domain'));
    return Promise.resolve({ apiUrl: location.origin, auth0Domain: '', auth0ClientId: '', auth0Audience: '' });
  },
  signIn: () => {
    if (scenario === 'signed-out') return Promise.reject(new SignInError('access_denied', 'The password is wrong.'));
    return Promise.resolve({
      userName: 'Vera Ashworth',
      getToken: () => {
        if (isSessionOver) throw new SignInError('login_required', 'The session has ended.');
        return 'preview';
      },
      signInAgain: () => {
        sessionStorage.removeItem(KEY);
        location.reload();
        return Promise.resolve();
      },
      logOut: () => {
        location.assign('/');
        return Promise.resolve();
      },
    });
  },
  fetch: throughTheDoor,
});
