import type { Request } from 'express';

/** What a request asks for, as far as limits tell requests apart. */
export const REQUEST_CLASSES = ['reads', 'queries', 'writes', 'exports', 'live', 'reports'] as const;
/** One of them. */
export type RequestClass = (typeof REQUEST_CLASSES)[number];

const QUERY = /^\/api\/(metrics|rows)\/query\/?$/i;
const LIVE = /^\/api\/live(\/|$)/i;
const REPORT = /^\/api\/client-events\/?$/i;
const EXPORT = /(\.csv|\/export)\/?$/i;

function isExport(request: Request): boolean {
  return (
    EXPORT.test(fullPathOf(request)) ||
    /^text\/csv\b/i.test(request.get('accept') ?? '') ||
    request.query['format'] === 'csv'
  );
}

/** The whole path, wherever the router that asks is mounted. */
function fullPathOf({ baseUrl, path }: Request): string {
  return baseUrl + path;
}

/** Tells what a request asks for, by its method and path alone. */
export function requestClassOf(request: Request): RequestClass {
  const path = fullPathOf(request);
  if (isExport(request)) return 'exports';
  if (QUERY.test(path)) return 'queries';
  if (LIVE.test(path)) return 'live';
  if (REPORT.test(path)) return 'reports';
  return request.method === 'GET' || request.method === 'HEAD' ? 'reads' : 'writes';
}
