import type { LuminaError } from '../lumina-error.ts';
import { Subscribable } from '../subscribable.ts';
import type { TransportName } from './transport.ts';

/**
 * How the connection is. `idle`: nobody watches anything live; `connecting`: first attempt; `open`: data arrives;
 * `retrying`: it broke and is tried again; `paused`: the page is hidden or the host suspended it; `offline`: there is no
 * network; `closed`: the service refused, and only `refresh()` or `resume()` tries again; `upgrade`: this client is too
 * old for the service, and only a newer page helps.
 */
export type ConnectionPhase = 'idle' | 'connecting' | 'open' | 'retrying' | 'paused' | 'offline' | 'closed' | 'upgrade';

/** Where a refusal leaves the connection. */
export function phaseAfter({ code }: LuminaError): ConnectionPhase {
  return code === 'UPGRADE_REQUIRED' ? 'upgrade' : 'closed';
}

/** The connection at one moment. */
export interface ConnectionStatus {
  /** How data travels, or is to travel; undefined before anything was watched. */
  readonly transport: TransportName | undefined;
  readonly phase: ConnectionPhase;
  /** Since when the phase lasts, ms of the local clock. */
  readonly since: number;
}

/** The state of a client's live connection, with listeners for its changes. */
export class ConnectionState extends Subscribable {
  readonly #localNowMs: () => number;
  #status: ConnectionStatus;

  constructor(localNowMs: () => number) {
    super();
    this.#localNowMs = localNowMs;
    this.#status = { transport: undefined, phase: 'idle', since: localNowMs() };
  }

  /** A new object per change. */
  get status(): ConnectionStatus {
    return this.#status;
  }

  /** Moves to a phase; for the client only. */
  move(phase: ConnectionPhase, transport: TransportName | undefined = this.#status.transport): void {
    const { phase: before, transport: way } = this.#status;
    if (phase === before && transport === way) return;
    const since = phase === before ? this.#status.since : this.#localNowMs();
    this.#status = { transport, phase, since };
    this.notify();
  }
}
