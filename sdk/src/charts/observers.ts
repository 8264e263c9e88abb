type SizeListener = (widthPx: number, heightPx: number) => void;
type NearnessListener = (isNear: boolean) => void;

const sizeListeners = new Map<Element, SizeListener>();
const nearnessListeners = new Map<Element, NearnessListener>();
let sizes: ResizeObserver | undefined;
let nearness: IntersectionObserver | undefined;
let density: MediaQueryList | undefined;

/** How near the screen a chart must be to be drawn. */
const NEAR_MARGIN = '200px';

/** Tells the size of an element's content box now and whenever it changes; one observer serves the whole page. */
export function watchSize(element: Element, listener: SizeListener): () => void {
  sizes ??= new ResizeObserver((entries) => {
    // What a listener renders may change sizes again; within the same frame the browser would report that as an error.
    requestAnimationFrame(() => {
      for (const { target, contentRect } of entries) sizeListeners.get(target)?.(contentRect.width, contentRect.height);
    });
  });
  sizeListeners.set(element, listener);
  sizes.observe(element);
  watchDensity();
  return () => {
    sizeListeners.delete(element);
    sizes?.unobserve(element);
  };
}

/** Tells whether an element is on or near the screen; one observer serves the whole page. */
export function watchNearness(element: Element, listener: NearnessListener): () => void {
  nearness ??= new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) nearnessListeners.get(target)?.(isIntersecting);
    },
    { rootMargin: NEAR_MARGIN },
  );
  nearnessListeners.set(element, listener);
  nearness.observe(element);
  return () => {
    nearnessListeners.delete(element);
    nearness?.unobserve(element);
  };
}

/** A window moved to a denser screen keeps its sizes, but canvases need more pixels: they are told their size again. */
function watchDensity(): void {
  if (density !== undefined) return;
  density = globalThis.matchMedia(`(resolution: ${String(globalThis.devicePixelRatio)}dppx)`);
  density.addEventListener(
    'change',
    () => {
      density = undefined;
      for (const [element, listener] of sizeListeners) {
        const { width, height } = element.getBoundingClientRect();
        listener(width, height);
      }
      if (sizeListeners.size > 0) watchDensity();
    },
    { once: true },
  );
}
