import Type from 'typebox';

import { CLIENT_ERROR_CODES, MAX_CLIENT_EVENTS } from '../client-events.ts';
import { WIDGET_KINDS } from '../dashboards.ts';

const CLOSED = { additionalProperties: false } as const;
const MAX_RENDER_MS = 600_000;

/** What a page tells of itself: kinds, codes and times from closed lists, never what it shows. */
export const ClientEventSchema = Type.Union([
  Type.Object({ type: Type.Literal('dashboard_viewed') }, CLOSED),
  Type.Object(
    {
      type: Type.Literal('widget_error'),
      code: Type.Enum([...CLIENT_ERROR_CODES]),
      kind: Type.Enum([...WIDGET_KINDS]),
    },
    CLOSED,
  ),
  Type.Object({ type: Type.Literal('render_time'), ms: Type.Integer({ minimum: 0, maximum: MAX_RENDER_MS }) }, CLOSED),
]);

/** Body of `POST /api/client-events`. */
export const ClientReportSchema = Type.Object(
  {
    sdkVersion: Type.String({ pattern: '^\\d{1,4}\\.\\d{1,4}\\.\\d{1,4}$' }),
    events: Type.Array(ClientEventSchema, { minItems: 1, maxItems: MAX_CLIENT_EVENTS }),
  },
  CLOSED,
);
