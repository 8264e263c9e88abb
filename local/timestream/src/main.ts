import { readFileSync } from 'node:fs';
import { BadSettings, helpText, readConfig } from './config.ts';
import { startTimestreamLocal } from './index.ts';

const BAD_USAGE = 2;

const log = (level: string, message: string, fields: Record<string, unknown> = {}): void => {
  process.stdout.write(
    `${JSON.stringify({ level, time: new Date().toISOString(), service: 'timestream', message, ...fields })}\n`,
  );
};

async function serve(argv: readonly string[]): Promise<void> {
  const server = await startTimestreamLocal({
    ...readConfig(argv, process.env),
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
}

function printVersion(): void {
  const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string };
  process.stdout.write(`${manifest.version}\n`);
}

const argv = process.argv.slice(2);
try {
  if (argv.includes('--help') || argv.includes('-h')) process.stdout.write(`${helpText()}\n`);
  else if (argv.includes('--version')) printVersion();
  else await serve(argv);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  if (error instanceof BadSettings) process.stderr.write('Ask with --help for what can be set.\n');
  process.exit(error instanceof BadSettings ? BAD_USAGE : 1);
}
