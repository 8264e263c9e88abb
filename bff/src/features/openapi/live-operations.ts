import { LIVE_STREAM_HEADER } from '@lumina/contracts';
import { LiveFrameSchema, LiveRequestSchema, LiveTicketSchema, LiveTokenReplySchema } from '@lumina/contracts/schemas';
import type { Route } from '../../http/route.ts';

/** What the documentation says of live connections, which serve themselves. */
export const LIVE_OPERATIONS: readonly Route[] = [
  {
    method: 'post',
    path: '/api/live',
    summary: 'Watch metric queries: a stream of frames, one subscription or a whole page of them',
    permission: 'metrics:read',
    body: LiveRequestSchema,
    success: {
      status: 200,
      description:
        'Server-sent events; each has the id of its frame, the name of its event, and the frame as data. ' +
        `The header ${LIVE_STREAM_HEADER} names the stream. ` +
        'Send Last-Event-ID (or resume in the body) to go on after a break.',
      mediaType: 'text/event-stream',
      schema: LiveFrameSchema,
    },
  },
  {
    method: 'post',
    path: '/api/live/ticket',
    summary: 'A ticket that opens one WebSocket, once: /api/live/ws?ticket=…, first message the body of /api/live',
    permission: 'metrics:read',
    success: { status: 200, description: 'The ticket', schema: LiveTicketSchema },
  },
  {
    method: 'post',
    path: '/api/live/{stream}/token',
    summary: 'Let a stream go on with the token of this request, which must be of the same identity',
    permission: 'metrics:read',
    success: { status: 200, description: 'Until when it may go on', schema: LiveTokenReplySchema },
  },
];
