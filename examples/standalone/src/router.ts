import { routeOf } from './routes.ts';
import type { Route } from './routes.ts';

/** Where the reader is. */
export interface Place {
  readonly route: Route;
  /** Query of the address, with its question mark. */
  readonly search: string;
}

/** What the router needs of a window; tests give their own. */
export interface RouterWindow {
  readonly location: Pick<Location, 'origin' | 'pathname' | 'search'>;
  readonly history: Pick<History, 'pushState' | 'replaceState'>;
  addEventListener(type: 'popstate', listener: () => void): void;
  removeEventListener(type: 'popstate', listener: () => void): void;
}

/** Follows the address of the page, and changes it without loading the page anew. */
export class Router {
  readonly #window: RouterWindow;
  readonly #listener: (place: Place) => void;
  readonly #onPopState = (): void => {
    this.#listener(this.place);
  };

  constructor(target: RouterWindow, listener: (place: Place) => void) {
    this.#window = target;
    this.#listener = listener;
  }

  /** Where the reader is now. */
  get place(): Place {
    const { pathname, search } = this.#window.location;
    return { route: routeOf(pathname), search };
  }

  /** Listens to the browser's back and forward. */
  start(): void {
    this.#window.addEventListener('popstate', this.#onPopState);
  }

  stop(): void {
    this.#window.removeEventListener('popstate', this.#onPopState);
  }

  /** Goes to a path of this page, as a step that back undoes. */
  go(path: string): void {
    const { pathname, search } = this.#window.location;
    if (path !== `${pathname}${search}`) this.#window.history.pushState(null, '', path);
    this.#listener(this.place);
  }

  /** Writes the state of the page the reader is on into its address; back does not undo it. */
  replace(path: string): void {
    this.#window.history.replaceState(null, '', path);
    this.#listener(this.place);
  }
}

/** The path a click on a link leads to, when it is one of this page's own; undefined leaves the click to the browser. */
export function ownLinkOf(event: MouseEvent, origin: string): string | undefined {
  const isPlain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
  if (!isPlain || event.defaultPrevented) return undefined;
  const link = event.composedPath().find((node): node is HTMLAnchorElement => node instanceof HTMLAnchorElement);
  if (link === undefined || link.target !== '' || link.hasAttribute('download')) return undefined;
  const url = new URL(link.href);
  // A jump inside the page, e.g. to its content, is the browser's.
  if (url.origin !== origin || link.getAttribute('href')?.startsWith('#') === true) return undefined;
  return `${url.pathname}${url.search}`;
}
