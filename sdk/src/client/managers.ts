/** Tells whether somebody can see the page. */
export interface VisibilityManager {
  readonly isVisible: () => boolean;
  /** Adds a listener for changes; answers how to remove it. */
  readonly subscribe: (listener: () => void) => () => void;
}

/** Tells whether the machine has a network at all. */
export interface OnlineManager {
  readonly isOnline: () => boolean;
  /** Adds a listener for changes; answers how to remove it. */
  readonly subscribe: (listener: () => void) => () => void;
}

/** Runs things later. */
export interface TimerManager {
  /** Runs something once; answers how to take it back. */
  readonly after: (delayMs: number, run: () => void) => () => void;
}

/** Everything that the client takes from its surroundings, replaceable for tests and for hosts without a browser. */
export interface ClientManagers {
  readonly visibility: VisibilityManager;
  readonly online: OnlineManager;
  readonly timers: TimerManager;
  /** From 0 up to 1, for jitter. */
  readonly random: () => number;
}

function onEvents(target: EventTarget, names: readonly string[], listener: () => void): () => void {
  for (const name of names) target.addEventListener(name, listener);
  return () => {
    for (const name of names) target.removeEventListener(name, listener);
  };
}

const nothing = (): void => undefined;

/** The document's visibility; where there is no document somebody always looks. */
export const documentVisibility: VisibilityManager = {
  isVisible: () => typeof document === 'undefined' || document.visibilityState !== 'hidden',
  subscribe: (listener) =>
    typeof document === 'undefined' ? nothing : onEvents(document, ['visibilitychange'], listener),
};

/** The browser's word on the network; where there is none the network is taken to be there. */
export const browserOnline: OnlineManager = {
  // Node has a navigator that does not know.
  isOnline: () => typeof navigator === 'undefined' || (navigator.onLine as boolean | undefined) !== false,
  subscribe: (listener) =>
    typeof window === 'undefined' ? nothing : onEvents(window, ['online', 'offline'], listener),
};

/** The timers of the platform. */
export const systemTimers: TimerManager = {
  after: (delayMs, run) => {
    const timer = setTimeout(run, delayMs);
    return () => {
      clearTimeout(timer);
    };
  },
};

/** The managers of a page, some of them replaced. */
export function managersOf(replaced: Partial<ClientManagers> = {}): ClientManagers {
  return {
    visibility: documentVisibility,
    online: browserOnline,
    timers: systemTimers,
    random: Math.random,
    ...replaced,
  };
}
