import { fileURLToPath } from 'node:url';
import { LOOPBACK, portsOf } from '../ports.ts';
import { readStackSettings } from '../settings.ts';

const root = fileURLToPath(new URL('../../../..', import.meta.url));

async function requestToken(email: string, port: number): Promise<string> {
  let reply: Response;
  try {
    reply = await fetch(`http://${LOOPBACK}:${String(port)}/dev/token`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email }),
    });
  } catch (error) {
    throw new Error('The stack does not run here. Run npm start, and set the same LUMINA_PORT_BASE.', { cause: error });
  }
  const body = (await reply.json()) as { readonly access_token?: string; readonly detail?: string };
  if (body.access_token === undefined)
    throw new Error(body.detail ?? `The identity provider said ${String(reply.status)}.`);
  return body.access_token;
}

const [email] = process.argv.slice(2);
try {
  if (email === undefined) throw new Error('Name a user: npm run --silent token -- viewer@uk.example');
  const { portBase } = readStackSettings(process.env, [], root);
  process.stdout.write(`${await requestToken(email, portsOf(portBase).idp)}\n`);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
