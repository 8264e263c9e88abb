import cors from 'cors';
import type { RequestHandler } from 'express';
import helmet from 'helmet';

/** What the page may talk to besides its own origin. */
export interface SecurityOptions {
  readonly issuer: string;
}

/** Strict headers; the page may load only itself, and talk only to itself and the identity provider. */
export function securityHeaders({ issuer }: SecurityOptions): RequestHandler {
  const issuerOrigin = new URL(issuer).origin;
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
        frameAncestors: ["'none'"],
      },
    },
    crossOriginOpenerPolicy: { policy: 'same-origin-allow-popups' },
    crossOriginResourcePolicy: { policy: 'cross-origin' },
    referrerPolicy: { policy: 'no-referrer' },
  });
}

/** Lets the listed origins call the API with a bearer token; cookies are never used. */
export function crossOrigin(origins: readonly string[]): RequestHandler {
  return cors({
    origin: [...origins],
    methods: ['GET', 'HEAD', 'POST', 'PUT', 'DELETE'],
    allowedHeaders: [
      'Authorization',
      'Content-Type',
      'If-Match',
      'Last-Event-ID',
      'X-Territory-Id',
      'X-Region-Id',
      'X-Reason',
    ],
    // The client takes the time from Date: how old a number is must not depend on the clock of a desk.
    exposedHeaders: ['Date', 'ETag', 'Location', 'Retry-After', 'X-Lumina-Cache', 'X-Lumina-Stream', 'X-Request-Id'],
    maxAge: 600,
  });
}
