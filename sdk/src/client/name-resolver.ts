import { directoryKindOf } from './directory.ts';
import type { DirectoryKind, DirectoryNames } from './directory.ts';
import { Subscribable } from './subscribable.ts';

/** Loads the names of one kind. */
export type LoadNames = (kind: DirectoryKind) => Promise<DirectoryNames>;

const RETRY_AFTER_MS = 30_000;
/** Names change, people are forgotten, and new ids come: a page that stays open asks again; mostly nothing has changed. */
const REFRESH_AFTER_MS = 60_000;

/**
 * Resolves ids of series to names. A lookup never waits: what is not loaded yet is undefined, and subscribers are
 * told when it arrives. A failed load is tried again later, since names are worth having but never worth an error.
 */
export class NameResolver extends Subscribable {
  readonly #load: LoadNames;
  readonly #nowMs: () => number;
  readonly #names = new Map<DirectoryKind, DirectoryNames>();
  readonly #askedAtMs = new Map<DirectoryKind, number>();

  constructor(load: LoadNames, nowMs: () => number = Date.now) {
    super();
    this.#load = load;
    this.#nowMs = nowMs;
  }

  /** The name of a dimension's value; undefined while unknown and for dimensions without a directory. */
  nameOf(dimension: string, value: string): string | undefined {
    const kind = directoryKindOf(dimension);
    if (kind === undefined) return undefined;
    this.#ensure(kind);
    return this.#names.get(kind)?.get(value);
  }

  /** All ids of a dimension in the directory's order. */
  idsOf(dimension: string): readonly string[] {
    const kind = directoryKindOf(dimension);
    if (kind === undefined) return [];
    this.#ensure(kind);
    return [...(this.#names.get(kind)?.keys() ?? [])];
  }

  #ensure(kind: DirectoryKind): void {
    const known = this.#names.get(kind);
    const askedAtMs = this.#askedAtMs.get(kind);
    const restMs = known === undefined ? RETRY_AFTER_MS : REFRESH_AFTER_MS;
    if (askedAtMs !== undefined && this.#nowMs() - askedAtMs < restMs) return;
    this.#askedAtMs.set(kind, this.#nowMs());
    this.#load(kind).then(
      (names) => {
        this.#names.set(kind, names);
        if (known === undefined || !areEqual(known, names)) this.notify();
      },
      () => {
        // Ids, or the names of before, are shown meanwhile; the next lookup after the pause asks again.
        if (known === undefined) this.notify();
      },
    );
  }
}

function areEqual(one: DirectoryNames, other: DirectoryNames): boolean {
  return one.size === other.size && [...one].every(([id, name]) => other.get(id) === name);
}
