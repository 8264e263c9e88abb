import { createHmac, randomBytes } from 'node:crypto';

const SECRET_BYTES = 32;

/** A new secret of an endpoint. */
export function newWebhookSecret(): string {
  return `whsec_${randomBytes(SECRET_BYTES).toString('base64url')}`;
}

/**
 * The value of `Lumina-Signature`: the instant of the attempt and, per secret, HMAC-SHA256 over `<instant>.<body>`. The
 * instant is signed too, so that a message that was listened to cannot be sent again later.
 */
export function signatureOf(body: string, secrets: readonly string[], atSeconds: number): string {
  const signed = `${String(atSeconds)}.${body}`;
  const signatures = secrets.map((secret) => `v1=${createHmac('sha256', secret).update(signed).digest('hex')}`);
  return [`t=${String(atSeconds)}`, ...signatures].join();
}
