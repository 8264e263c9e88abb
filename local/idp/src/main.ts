import { readIdpConfig } from './config.ts';
import { startIdp } from './server.ts';

const idp = await startIdp(readIdpConfig(process.env));
process.stdout.write(`${JSON.stringify({ level: 'info', msg: 'ready', service: 'idp', issuer: idp.issuer })}\n`);

let isClosing = false;
const close = (): void => {
  if (isClosing) return;
  isClosing = true;
  idp.close().then(
    () => process.exit(0),
    (error: unknown) => {
      process.stderr.write(`${JSON.stringify({ level: 'error', msg: 'close_failed', detail: String(error) })}\n`);
      process.exit(1);
    },
  );
};
process.on('SIGTERM', close);
process.on('SIGINT', close);
process.on('disconnect', close);
