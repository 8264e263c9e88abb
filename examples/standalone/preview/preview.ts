import '@lumina/sdk/define';
import { FakeBff } from '@lumina/sdk/testing';
import type { FakeScenario } from '@lumina/sdk/testing';
import { startPage } from '../src/app.ts';
import { PageConfigError } from '../src/page-config.ts';
import { SignInError } from '../src/sign-in.ts';

/** The page against an invented service: `?scenario=live|empty|late|stale|offline|hanging|…`, `?lang=de`. */
const query = new URLSearchParams(location.search);
const scenario = query.get('scenario') ?? 'live';
document.documentElement.lang = query.get('lang') ?? 'en';

function scenarioOf(name: string): FakeScenario {
  if (name === 'denied') return { problem: 'forbidden' };
  if (name === 'error') return { problem: 'region_unavailable' };
  const plain: readonly FakeScenario[] = ['live', 'empty', 'late', 'stale', 'offline', 'hanging', 'refused'];
  return plain.find((one) => one === name) ?? 'live';
}

const fake = new FakeBff();
fake.gaps = query.has('gaps') ? [12, 13, 14, 30, 32] : [];
// The board opens first, as in life; then the trouble starts.
if (query.has('at-once')) fake.scenario = scenarioOf(scenario);
else setTimeout(() => (fake.scenario = scenarioOf(scenario)), 1500);

startPage({
  loadConfig: () => {
    if (scenario === 'unconfigured') return Promise.reject(new PageConfigError('Missing in /config.json: auth0Domain'));
    return Promise.resolve({ apiUrl: location.origin, auth0Domain: '', auth0ClientId: '', auth0Audience: '' });
  },
  signIn: () => {
    if (scenario === 'signed-out') return Promise.reject(new SignInError('access_denied', 'The password is wrong.'));
    return Promise.resolve({
      userName: 'viewer@uk.example',
      getToken: () => 'preview',
      logOut: () => Promise.resolve(),
    });
  },
  fetch: fake.fetch,
});
