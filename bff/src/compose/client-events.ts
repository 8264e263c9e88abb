import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { RoleConfig } from '../config.ts';
import { clientEventRoutes, createClientReports } from '../features/client-events/client-events.ts';
import { createKinesisPlatformEvents } from '../features/client-events/kinesis-platform-events.ts';
import type { Route } from '../http/route.ts';

type Regional = Extract<RoleConfig, { role: 'regional' }>;

/** What pages report of themselves. */
export interface ClientEvents {
  readonly routes: readonly Route[];
  readonly close: () => void;
}

/** Wires reports of pages: counted always, and put on the event stream where there is one. */
export function createClientEvents(
  { platformEvents, regionId }: Pick<Regional, 'platformEvents' | 'regionId'>,
  registry: Registry,
  logger: Logger,
): ClientEvents {
  const events =
    platformEvents === undefined ? undefined : createKinesisPlatformEvents({ ...platformEvents, regionId });
  const routes = clientEventRoutes({
    reports: createClientReports(registry),
    ...(events === undefined ? {} : { events }),
    onFailure: (error) => {
      logger.warn({ err: error }, 'what pages reported could not be put on the stream; it was only counted');
    },
  });
  return { routes, close: () => events?.close() };
}

/** What the distributor documents of them without serving it. */
export function documentedClientEvents(): readonly Route[] {
  return clientEventRoutes({ reports: { count: () => undefined }, onFailure: () => undefined });
}
