import { createServer } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { listenLocally } from '../../testing/http-server.ts';

/** Pages as the service may give them. */
export interface PageManners {
  /** Most rows of a page; the first is empty where there are several. */
  readonly rows: number;
  /** How long each takes. */
  readonly delayMs: number;
}

/** What a process sees of a store: every call passes through here. */
export interface WatchedCalls {
  readonly url: string;
  /** The statements of all queries, without what differs between two times: their numbers. */
  readonly statements: string[];
  /** Calls, further pages included. */
  readonly calls: () => number;
  readonly setPages: (manners: PageManners | undefined) => void;
  readonly close: () => Promise<void>;
}

const HOP_HEADERS = new Set(['host', 'connection', 'content-length', 'transfer-encoding']);

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) text += String(chunk);
  return text;
}

function headersOf({ headers }: IncomingMessage): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      HOP_HEADERS.has(name) || value === undefined ? [] : [[name, String(value)]],
    ),
  );
}

/** Stands before a store, counts what it is asked, and gives out its answers in pages of its own. */
export async function watchCalls(storeUrl: string): Promise<WatchedCalls> {
  const statements: string[] = [];
  let calls = 0;
  let pages: PageManners | undefined;
  const server = createServer((request, response) => {
    void (async () => {
      const body = JSON.parse((await bodyOf(request)) || '{}') as { QueryString?: string; NextToken?: string };
      const isQuery = body.QueryString !== undefined;
      if (isQuery) calls += 1;
      if (isQuery && body.NextToken === undefined) statements.push((body.QueryString ?? '').replaceAll(/\d+/g, '#'));
      if (pages !== undefined) await delay(pages.delayMs);
      const asked = isQuery && pages !== undefined ? { ...body, MaxRows: pages.rows } : body;
      const answer = await fetch(`${storeUrl}${request.url ?? '/'}`, {
        method: request.method ?? 'POST',
        headers: headersOf(request),
        body: JSON.stringify(asked),
      });
      for (const name of ['content-type', 'x-amzn-requestid', 'x-amzn-errortype']) {
        const value = answer.headers.get(name);
        if (value !== null) response.setHeader(name, value);
      }
      response.writeHead(answer.status).end(await answer.text());
    })().catch((error: unknown) => {
      response.destroy(error instanceof Error ? error : new Error(String(error)));
    });
  });
  const { url, close } = await listenLocally(server);
  return {
    url,
    statements,
    calls: () => calls,
    setPages: (manners) => {
      pages = manners;
    },
    close,
  };
}
