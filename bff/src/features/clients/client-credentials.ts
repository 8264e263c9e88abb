import type { Request } from 'express';
import { OAuthError } from './oauth-error.ts';

/** How a client says who it is. */
export interface ClientCredentials {
  readonly clientId: string;
  readonly secret: string;
}

/** A form with each field once; a field that comes twice is an array, and is refused. */
export type Form = Readonly<Record<string, unknown>>;

const BASIC = /^Basic ([A-Za-z0-9+/=]{1,2048})$/i;
const MAX_LENGTH = 512;

/** A field of the form; throws where it is given more than once or is too long. */
export function fieldOf(form: Form, name: string): string | undefined {
  const value = form[name];
  if (value === undefined || value === '') return undefined;
  if (typeof value !== 'string' || value.length > MAX_LENGTH)
    throw new OAuthError('invalid_request', `Send ${name} once, as text.`);
  return value;
}

/** RFC 6749 §2.3.1: both halves are form-encoded before they are joined. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch (error) {
    throw new OAuthError('invalid_client', 'The Basic credentials cannot be read.', { cause: error });
  }
}

function basicOf(header: string): ClientCredentials {
  const text = Buffer.from(BASIC.exec(header)?.[1] ?? '', 'base64').toString('utf8');
  const colon = text.indexOf(':');
  if (colon === -1) throw new OAuthError('invalid_client', 'The Basic credentials cannot be read.');
  return { clientId: decoded(text.slice(0, colon)), secret: decoded(text.slice(colon + 1)) };
}

/** Who asks for a token: from the Authorization header or from the form, never from both. */
export function credentialsOf(request: Request, form: Form): ClientCredentials {
  const header = request.get('authorization');
  const clientId = fieldOf(form, 'client_id');
  const secret = fieldOf(form, 'client_secret');
  if (header === undefined) {
    if (clientId === undefined || secret === undefined)
      throw new OAuthError('invalid_client', 'Send client_id and client_secret, as Basic or in the form.');
    return { clientId, secret };
  }
  if (secret !== undefined)
    throw new OAuthError('invalid_request', 'Send the secret as Basic or in the form, not in both.');
  const basic = basicOf(header);
  if (clientId !== undefined && clientId !== basic.clientId)
    throw new OAuthError('invalid_request', 'Two clients are named; name one.');
  return basic;
}
