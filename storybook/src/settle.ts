import { LuminaWidget } from '@lumina/sdk';
import type { WidgetState } from '@lumina/sdk';

const PATIENCE_MS = 5000;

function frame(): Promise<unknown> {
  return new Promise((resolve) => requestAnimationFrame(resolve));
}

/** Every widget below a node, in shadow roots too. */
function widgetsBelow(root: ParentNode): readonly LuminaWidget[] {
  return [...root.querySelectorAll('*')].flatMap((element) => [
    ...(element instanceof LuminaWidget ? [element] : []),
    ...(element.shadowRoot === null ? [] : widgetsBelow(element.shadowRoot)),
  ]);
}

/** Resolves once all widgets of a story are in their state and drawn; throws, naming the states, when they never are. */
export async function settle(root: ParentNode, wanted: WidgetState | undefined): Promise<void> {
  const isThere = ({ state }: LuminaWidget): boolean => (wanted === undefined ? state !== 'loading' : state === wanted);
  const startedMs = performance.now();
  while (!widgetsBelow(root).every(isThere)) {
    if (performance.now() - startedMs > PATIENCE_MS) {
      const states = widgetsBelow(root).map(({ state }) => state);
      throw new Error(`Waited for ${wanted ?? 'any state but loading'}, but the widgets are: ${states.join(', ')}.`);
    }
    await frame();
  }
  await Promise.all(widgetsBelow(root).map((widget) => widget.updateComplete));
  // Charts draw in the frame after the one that rendered their canvas.
  await frame();
  await frame();
}
