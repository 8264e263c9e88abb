import type { Server } from 'node:http';
import { LOOPBACK } from '../ports.ts';
import { holdLifeline } from './lifeline.ts';

/** Listens on the loopback address, says so, and ends with the process that started this one. */
export function serve(server: Server, port: number, service: string): void {
  server.once('error', (error) => {
    process.stderr.write(
      `${JSON.stringify({ level: 'error', msg: 'listen_failed', service, port, detail: error.message })}\n`,
    );
    process.exit(1);
  });
  server.listen(port, LOOPBACK, () => {
    process.stdout.write(`${JSON.stringify({ level: 'info', msg: 'ready', service, port })}\n`);
  });
  holdLifeline(
    () =>
      new Promise((resolve, reject) => {
        server.closeAllConnections();
        server.close((error) => {
          if (error instanceof Error) reject(error);
          else resolve();
        });
      }),
  );
}
