import { buildApp } from 'fauxqs';

process.env['AWS_ACCESS_KEY_ID'] ??= 'local';
process.env['AWS_SECRET_ACCESS_KEY'] ??= 'local';

/** A server that speaks S3, on a free port of this machine. */
export interface LocalS3 {
  readonly endpoint: string;
  readonly region: string;
  /** The next so many requests fail with 503. */
  failNext(count: number): void;
  close(): Promise<void>;
}

/** Starts the server; what it holds is gone when it is closed. */
export async function startLocalS3(): Promise<LocalS3> {
  let failuresLeft = 0;
  const app = buildApp({ logger: false });
  app.addHook('onRequest', async (_request, reply) => {
    if (failuresLeft === 0) return;
    failuresLeft -= 1;
    await reply.code(503).send('');
  });
  const endpoint = await app.listen({ host: '127.0.0.1', port: 0 });
  return {
    endpoint,
    region: 'us-east-1',
    failNext: (count) => {
      failuresLeft = count;
    },
    close: () => app.close(),
  };
}
