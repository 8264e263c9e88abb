import type { LiveFrame, LiveSubscription } from '@lumina/contracts';
import type { LuminaError } from '../lumina-error.ts';

/** How live data can travel, best first. */
export type TransportName = 'sse' | 'websocket' | 'polling';

/** All transports, best first. */
export const TRANSPORTS: readonly TransportName[] = ['sse', 'websocket', 'polling'];

/** What a connection asks for when it opens. */
export interface LiveOpening {
  readonly requests: readonly LiveSubscription[];
  /** Id of the last frame that arrived. */
  readonly resume: string | undefined;
}

/**
 * Why a stream ended. `refused`: the service answered with an error. `lost`: the connection broke or was ended.
 * `unusable`: this transport does not work between here and the service, and trying again will not help.
 */
export interface LiveEnd {
  readonly kind: 'refused' | 'lost' | 'unusable';
  readonly error: LuminaError;
}

/** What a stream tells. Nothing is told after `onEnd`, nor after `close()`. */
export interface StreamEvents {
  /** The service has taken the request. */
  readonly onOpen: () => void;
  /** Something arrived, be it a heartbeat. */
  readonly onActivity: () => void;
  /** Frames that arrived together, in order. */
  readonly onFrames: (frames: readonly LiveFrame[]) => void;
  readonly onEnd: (end: LiveEnd) => void;
}

/** One opening of the live connection. */
export interface LiveStream {
  readonly close: () => void;
}

/** A way to open streams. */
export interface LiveTransport {
  readonly name: Exclude<TransportName, 'polling'>;
  readonly open: (opening: LiveOpening, events: StreamEvents) => LiveStream;
}
