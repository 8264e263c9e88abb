import type { RequestHandler } from 'express';
import { CLIENT_HEADER, MIN_CLIENT_VERSION, clientVersionOf, isClientTooOld } from '@lumina/contracts';
import { HttpProblem } from './problem.ts';

/** Refuses clients of ours that no longer understand this API; whoever names no version is not refused. */
export function refuseOldClients(minVersion: string = MIN_CLIENT_VERSION): RequestHandler {
  return (request, _response, next) => {
    const version = clientVersionOf(request.get(CLIENT_HEADER));
    if (version !== undefined && isClientTooOld(version, minVersion)) {
      throw new HttpProblem(
        'upgrade_required',
        `Version ${version} of the client is too old; reload the page to get a newer one.`,
      );
    }
    next();
  };
}
