import type { Logger } from 'pino';
import type { ConfigStore } from '../config-store/config-store.ts';
import type { RoleConfig } from '../config.ts';
import { createDirectoryFeed } from '../features/directory/directory-feed.ts';
import { createDirectoryRegistrar } from '../features/directory/directory-registrar.ts';
import { createSqlDirectoryFeedStore } from '../features/directory/sql-directory-feed.ts';
import { createSqlDirectoryRegister } from '../features/directory/sql-directory-register.ts';
import { createKinesisTailStream } from '../live-tail/kinesis-tail-stream.ts';
import { LiveTail } from '../live-tail/live-tail.ts';
import type { TailFollower } from '../live-tail/live-tail.ts';

type Regional = Extract<RoleConfig, { role: 'regional' }>;

/** Follows what ingestion stored; without a stream there is nothing to follow. */
export function followLiveTail(
  own: Regional,
  store: ConfigStore,
  followers: readonly TailFollower[],
  logger: Logger,
): LiveTail | undefined {
  if (own.liveTail === undefined) return undefined;
  const feed = createSqlDirectoryFeedStore(store);
  const tail = new LiveTail({
    stream: createKinesisTailStream(own.liveTail),
    positions: feed.positions,
    followers: [
      ...followers,
      createDirectoryRegistrar({
        register: createSqlDirectoryRegister(store),
        onFailure: (error) => {
          logger.warn({ err: error }, 'what facts name could not be taken into the directory; trying again');
        },
      }),
      createDirectoryFeed({
        store: feed,
        onRefused: (what, reason) => {
          logger.warn({ what, reason }, 'a change of configuration could not be applied');
        },
      }),
    ],
    onFailure: (error, shardId) => {
      logger.warn({ err: error, shardId }, 'the live tail could not be followed; trying again');
    },
  });
  tail.start();
  return tail;
}
