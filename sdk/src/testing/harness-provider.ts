import type { LuminaProvider } from '../components/provider/provider.ts';

/** A provider as the harnesses need it: a service of the test's own, and the same words and looks on every machine. */
export function harnessProvider(fetch: LuminaProvider['fetch']): LuminaProvider {
  const provider = document.createElement('lumina-provider');
  provider.locale = 'en-GB';
  provider.theme = 'light';
  provider.fetch = fetch;
  provider.getToken = () => 'token-1';
  return provider;
}

/** Resolves once something holds, asking whenever the tag or one below it tells of a new state. */
export async function onceState(tag: EventTarget, holds: () => boolean): Promise<void> {
  if (holds()) return;
  await new Promise<void>((resolve) => {
    const check = (): void => {
      if (!holds()) return;
      tag.removeEventListener('luminastate', check);
      resolve();
    };
    tag.addEventListener('luminastate', check);
  });
}
