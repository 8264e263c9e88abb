import { MIN_CLIENT_VERSION, REGIONS } from '@lumina/contracts';
import { SessionSchema } from '@lumina/contracts/schemas';
import { defineRoute } from '../../http/route.ts';
import type { Route } from '../../http/route.ts';
import type { DirectoryStore } from '../directory/directory-store.ts';

const STREAM_URL = '/api/live';

/** `GET /api/session`: who is asking, where, and what they may do. */
export function sessionRoutes(directory: DirectoryStore): readonly Route[] {
  return [
    defineRoute({
      method: 'get',
      path: '/api/session',
      summary: 'Who is asking, in which territory and region, with which rights',
      success: { status: 200, description: 'The session', schema: SessionSchema },
      handle: async ({ identity, response }) => {
        const territory = await directory.territoryOf(identity);
        const region = REGIONS[identity.regionId];
        response.set('Cache-Control', 'no-store').json({
          user: { id: identity.sub },
          territory: {
            id: identity.territoryId,
            name: territory?.name ?? String(identity.territoryId),
            timeZone: territory?.timeZone ?? 'UTC',
          },
          region: { id: region.id, code: region.code, name: region.name },
          roles: identity.roles,
          permissions: identity.permissions,
          scope: identity.scope ?? null,
          streamUrl: STREAM_URL,
          minClient: MIN_CLIENT_VERSION,
        });
      },
    }),
  ];
}
