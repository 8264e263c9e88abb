import { createHmac, hash } from 'node:crypto';

/** Hexadecimal SHA-256 of text or bytes. */
export function sha256Hex(data: string | Uint8Array): string {
  return hash('sha256', data, 'hex');
}

/** A number below `bound`, the same for the same text and salt for ever: it decides where a fact is kept. */
export function boundedHash(text: string, salt: number, bound: number): number {
  const digest = sha256Hex(salt === 0 ? text : `${text}#${String(salt)}`);
  // 12 hexadecimal digits are 48 bits: exact in a double, and far more than the largest bound needs.
  return Number.parseInt(digest.slice(0, 12), 16) % bound;
}

/** Hexadecimal HMAC-SHA-256. */
export function hmacHex(key: string | Uint8Array, text: string): string {
  return createHmac('sha256', key).update(text).digest('hex');
}
