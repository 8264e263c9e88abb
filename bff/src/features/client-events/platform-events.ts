import { randomUUID } from 'node:crypto';
import { PLATFORM_TERRITORY_ID, streamRecordHead } from '@lumina/contracts';
import type { ClientEventType, RegionId } from '@lumina/contracts';

/** Where events of the platform go, to become facts like all others. */
export interface PlatformEvents {
  /** Hands over actions of users; resolves once the stream has them. */
  send: (actions: readonly ClientEventType[]) => Promise<void>;
  close: () => void;
}

/** A record of the event stream. */
export interface PlatformRecord {
  readonly key: string;
  readonly data: Uint8Array;
}

/** An action of a user as a record of the event stream: what was done and when, not by whom. */
export function actionRecord(action: ClientEventType, regionId: RegionId, nowMs: number): PlatformRecord {
  const id = randomUUID();
  const event = {
    v: 1,
    id,
    type: 'USER_ACTION',
    source: 'platform',
    time: new Date(nowMs).toISOString(),
    territoryId: PLATFORM_TERRITORY_ID,
    regionId,
    action,
  };
  const head = streamRecordHead({ territoryId: PLATFORM_TERRITORY_ID, regionId, receivedMs: nowMs, body: 'events' });
  return { key: id, data: Buffer.from(head + JSON.stringify(event)) };
}
