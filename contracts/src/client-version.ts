/** Names the client of a request and its version: `X-Lumina-Client: sdk/1.4.2`. */
export const CLIENT_HEADER = 'X-Lumina-Client';
/** The oldest client that understands this API. */
export const MIN_CLIENT_VERSION = '0.1.0';

const CLIENT = /^sdk\/(\d{1,6})\.\d{1,6}\.\d{1,6}(?:[-+][\w.+-]{1,64})?$/;

/** The version in the header of a request; undefined where it names no client of ours, which is no mistake. */
export function clientVersionOf(header: string | undefined): string | undefined {
  return header !== undefined && CLIENT.test(header) ? header.slice('sdk/'.length) : undefined;
}

function majorOf(version: string): number {
  return Number.parseInt(version, 10);
}

/** Whether a client's major version is below that of the oldest one that is served. */
export function isClientTooOld(version: string, minVersion: string): boolean {
  return majorOf(version) < majorOf(minVersion);
}
