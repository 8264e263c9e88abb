import { headerOf, type SwitchEvent } from './switch-event.ts';

/** Classes of what is forwarded, the first to be shed first. `vital` is never shed while there is any room at all. */
export const EVENT_CLASSES = ['detail', 'channel', 'snapshot', 'queue', 'vital'] as const;
/** One class. */
export type EventClass = (typeof EVENT_CLASSES)[number];

/** How full the buffer may be, from 0 to 1, for a class still to be taken. */
export const ROOM_OF_CLASS: Readonly<Record<EventClass, number>> = {
  detail: 0.5,
  channel: 0.7,
  snapshot: 0.8,
  queue: 0.9,
  vital: 1,
};

const CLASS_OF_NAME: Readonly<Record<string, EventClass>> = {
  CHANNEL_HANGUP_COMPLETE: 'vital',
  CHANNEL_CREATE: 'channel',
  CHANNEL_ANSWER: 'channel',
};

const CLASS_OF_ACTION: Readonly<Record<string, EventClass>> = {
  'member-queue-end': 'vital',
  'bridge-agent-start': 'vital',
  'bridge-agent-end': 'vital',
  'member-queue-start': 'queue',
  'member-queue-resume': 'queue',
};

/** The class of a raw event. What ends a call or a wait is vital: alone it is enough to count it. */
export function classOf(event: SwitchEvent): EventClass {
  const name = headerOf(event, 'Event-Name') ?? '';
  if (name !== 'CUSTOM') return CLASS_OF_NAME[name] ?? 'detail';
  return CLASS_OF_ACTION[headerOf(event, 'CC-Action') ?? ''] ?? 'detail';
}
