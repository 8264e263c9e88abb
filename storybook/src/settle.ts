import type { LitElement } from 'lit';

/** How long a story may take to come to what it waits for. */
export const PATIENCE_MS = 5000;

type Stateful = HTMLElement & Pick<LitElement, 'updateComplete'> & { readonly state: string };

function frame(): Promise<unknown> {
  return new Promise((resolve) => requestAnimationFrame(resolve));
}

/** Every element of a tag below a node, in shadow roots too. */
function allBelow(root: ParentNode, tag: string): readonly Stateful[] {
  return [...root.querySelectorAll('*')].flatMap((element) => [
    ...(element.localName === tag ? [element as Stateful] : []),
    ...(element.shadowRoot === null ? [] : allBelow(element.shadowRoot, tag)),
  ]);
}

/** The widgets of a story; where there are none, its boards, which then stand for themselves. */
function subjectsOf(root: ParentNode): readonly Stateful[] {
  const widgets = allBelow(root, 'lumina-widget');
  return widgets.length > 0 ? widgets : allBelow(root, 'lumina-dashboard');
}

/** Resolves once the widgets of a story are in their state and drawn; throws, naming the states, when they never are. */
export async function settle(root: ParentNode, wanted: string | undefined): Promise<void> {
  const isThere = ({ state }: Stateful): boolean =>
    wanted === undefined ? state !== 'loading' && state !== 'idle' : state === wanted;
  const startedMs = performance.now();
  let subjects = subjectsOf(root);
  while (!subjects.every(isThere)) {
    if (performance.now() - startedMs > PATIENCE_MS) {
      const states = subjects.map(({ localName, state }) => `${localName} ${state}`);
      throw new Error(`Waited for ${wanted ?? 'an end of loading'}, but there is: ${states.join(', ')}.`);
    }
    await frame();
    subjects = subjectsOf(root);
  }
  await Promise.all(subjects.map((subject) => subject.updateComplete));
  // Charts draw in the frame after the one that rendered their canvas.
  await frame();
  await frame();
}
