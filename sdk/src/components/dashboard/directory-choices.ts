import type { ReactiveControllerHost } from 'lit';
import type { DirectoryEntry, DirectoryKind } from '../../client/directory.ts';
import type { LuminaClient } from '../../client/lumina-client.ts';

const NONE: readonly DirectoryEntry[] = [];
const RETRY_AFTER_MS = 10_000;

/**
 * What a board's variables choose from: asked of the service when it is first needed, and again some time after a failure.
 * What the user may not see never comes.
 */
export class DirectoryChoices {
  readonly #host: Pick<ReactiveControllerHost, 'requestUpdate'>;
  readonly #entries = new Map<DirectoryKind, readonly DirectoryEntry[]>();
  readonly #askedAtMs = new Map<DirectoryKind, number>();
  #client: LuminaClient | undefined;

  constructor(host: Pick<ReactiveControllerHost, 'requestUpdate'>) {
    this.#host = host;
  }

  /** Takes over the client; another one serves somebody else. Called before the host decides what to render. */
  follow(client: LuminaClient | undefined): void {
    if (client === this.#client) return;
    this.#client = client;
    this.#entries.clear();
    this.#askedAtMs.clear();
  }

  /** What there is of a kind; nothing until it is known, then the host renders again. */
  of(kind: DirectoryKind): readonly DirectoryEntry[] {
    const known = this.#entries.get(kind);
    if (known === undefined) this.#ask(kind);
    return known ?? NONE;
  }

  #ask(kind: DirectoryKind): void {
    const client = this.#client;
    const askedAtMs = this.#askedAtMs.get(kind);
    if (client === undefined || (askedAtMs !== undefined && Date.now() - askedAtMs < RETRY_AFTER_MS)) return;
    this.#askedAtMs.set(kind, Date.now());
    client.directoryEntries(kind).then(
      (entries) => {
        if (client !== this.#client) return;
        this.#entries.set(kind, entries);
        this.#host.requestUpdate();
      },
      () => {
        // Ids are shown meanwhile, and everything can still be chosen; who opens the menu later asks again.
      },
    );
  }
}
