import type { LiveFrame } from '@lumina/contracts';
import type { Identity } from '../auth/identity.ts';
import type { FrameNumbers } from './frame.ts';
import { frameOf } from './frame.ts';
import type { LiveStream } from './stream.ts';

/** Where an alert is, as a frame tells it. */
export type AlertNews = Omit<Extract<LiveFrame, { event: 'alert' }>, 'event' | 'id'>;

/** Something that is told to whoever of a territory may hear it, whatever they watch. */
export interface Announcement {
  readonly territoryId: number;
  readonly news: AlertNews;
  /** Whether what is told lies within what an identity may see. */
  readonly mayHear: (identity: Identity) => boolean;
}

/** Where the alerts are that an identity may hear of, for a stream that begins. */
export type NewsSource = (identity: Identity) => readonly AlertNews[];

/** Tells the streams of this process; whoever is behind is told as soon as it has caught up. */
export function announce(
  streams: Iterable<LiveStream>,
  { territoryId, news, mayHear }: Announcement,
  numbers: FrameNumbers,
): void {
  const frame = frameOf('alert', numbers.next(), news);
  for (const stream of streams)
    if (stream.identity.territoryId === territoryId && mayHear(stream.identity)) stream.tell(frame);
}
