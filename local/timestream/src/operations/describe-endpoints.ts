import type { Operations } from './context.ts';

const CACHE_MINUTES = 1440;

/**
 * The AWS SDK for JavaScript replaces only the hostname of its endpoint by the address, so it needs a bare host;
 * other clients put `https://` before an address that has no scheme, so they need a whole URL.
 */
export const describeEndpoints: Operations['DescribeEndpoints'] = ({ request }) => {
  const host = new URL(`http://${request.hostHeader === '' ? '127.0.0.1' : request.hostHeader}`);
  const isJavaScript = request.userAgent.includes('aws-sdk-js');
  return Promise.resolve({
    Endpoints: [{ Address: isJavaScript ? host.hostname : host.origin, CachePeriodInMinutes: CACHE_MINUTES }],
  });
};
