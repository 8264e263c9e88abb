import cors from 'cors';
import type { RequestHandler } from 'express';
import helmet from 'helmet';
import { CLIENT_HEADER } from '@lumina/contracts';

/** What the page may talk to besides its own origin, and who may show it. */
export interface SecurityOptions {
  readonly issuer: string;
  /** Origins of other sites that may show the page in a frame. */
  readonly pageFrameAncestors?: readonly string[];
}

/** What no site may show in a frame: there is nothing to look at. */
const NO_PAGE = /^\/(api|internal|oauth|\.well-known|healthz|readyz|metrics)(\/|$)/i;

function policy(issuer: string, ancestors: readonly string[]): RequestHandler {
  const issuerOrigin = new URL(issuer).origin;
  const isFramed = ancestors.length > 0;
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        // Lit's sheets are adopted, which CSP leaves alone; its first rendering of a styleMap is an attribute.
        styleSrc: ["'self'"],
        styleSrcAttr: ["'unsafe-inline'"],
        imgSrc: ["'self'", 'data:'],
        fontSrc: ["'self'"],
        manifestSrc: ["'self'"],
        connectSrc: ["'self'", issuerOrigin],
        // Silent login shows the identity provider in a hidden frame; its SDK refreshes tokens in a blob worker.
        frameSrc: [issuerOrigin],
        workerSrc: ["'self'", 'blob:'],
        formAction: ["'self'", issuerOrigin],
        baseUri: ["'self'"],
        objectSrc: ["'none'"],
        frameAncestors: isFramed ? ["'self'", ...ancestors] : ["'none'"],
      },
    },
    crossOriginOpenerPolicy: { policy: 'same-origin-allow-popups' },
    crossOriginResourcePolicy: { policy: 'cross-origin' },
    referrerPolicy: { policy: 'no-referrer' },
    // The older header knows no list: where there is one, it would forbid what the list allows.
    frameguard: isFramed ? false : { action: 'deny' },
  });
}

/** Strict headers; the page may load only itself, and talk only to itself and the identity provider. */
export function securityHeaders({ issuer, pageFrameAncestors = [] }: SecurityOptions): RequestHandler {
  const api = policy(issuer, []);
  const page = policy(issuer, pageFrameAncestors);
  return (request, response, next) => {
    (NO_PAGE.test(request.path) ? api : page)(request, response, next);
  };
}

/** Lets the pages of some origins call the API with a bearer token; cookies are never used. */
export function crossOrigin(isAllowed: (origin: string) => boolean): RequestHandler {
  return cors({
    origin: (origin, answer) => {
      answer(null, origin !== undefined && isAllowed(origin));
    },
    methods: ['GET', 'HEAD', 'POST', 'PUT', 'DELETE'],
    allowedHeaders: [
      'Authorization',
      'Content-Type',
      'If-Match',
      'If-None-Match',
      'Last-Event-ID',
      'X-Territory-Id',
      'X-Region-Id',
      'X-Reason',
      'X-Lumina-Dashboard',
      CLIENT_HEADER,
    ],
    // The client takes the time from Date: how old a number is must not depend on the clock of a desk.
    exposedHeaders: [
      'Date',
      'ETag',
      'Location',
      'RateLimit',
      'RateLimit-Policy',
      'Retry-After',
      'X-Lumina-Cache',
      'X-Lumina-Stream',
      'X-Request-Id',
    ],
    maxAge: 600,
  });
}
