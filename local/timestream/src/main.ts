import { readConfig } from './config.ts';
import { startTimestreamLocal } from './index.ts';

const log = (level: string, message: string, fields: Record<string, unknown> = {}): void => {
  process.stdout.write(
    `${JSON.stringify({ level, time: new Date().toISOString(), service: 'timestream', message, ...fields })}\n`,
  );
};

try {
  const server = await startTimestreamLocal({
    ...readConfig(process.argv.slice(2), process.env),
    onError: (error) => {
      log('error', 'a request failed', {
        error: error instanceof Error ? (error.stack ?? error.message) : String(error),
      });
    },
  });
  let isClosing = false;
  const close = (): void => {
    if (isClosing) return;
    isClosing = true;
    server.close().then(
      () => {
        process.exit(0);
      },
      (error: unknown) => {
        log('error', 'closing failed', { error: String(error) });
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', close);
  process.on('SIGINT', close);
  process.on('disconnect', close);
  log('info', 'ready', { url: server.url });
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
