import type { MetricQueryRequest, MetricReply } from '@lumina/contracts';
import { errorFromThrown } from '../lumina-error.ts';
import type { FeedUpdate } from './live-feed.ts';
import type { LiveMember } from './live-member.ts';

/**
 * Finds which of several requests that were refused together are refused alone, by asking for each; the others get their
 * answer at once. When each is answered alone, all are taken to be at odds with each other.
 */
export async function findRefused(
  members: readonly LiveMember[],
  ask: (request: MetricQueryRequest) => Promise<MetricReply>,
): Promise<{ readonly refused: readonly LiveMember[]; readonly updates: readonly FeedUpdate[] }> {
  const refused: LiveMember[] = [];
  const updates: FeedUpdate[] = [];
  await Promise.all(
    members.map(async (member) => {
      try {
        updates.push({ member, reply: await ask(member.request) });
      } catch (error) {
        if (errorFromThrown(error, false).code === 'QUERY_INVALID') refused.push(member);
      }
    }),
  );
  return { refused: refused.length === 0 ? members : refused, updates };
}
