import { createTokenVerifier } from '../auth/token-verifier.ts';
import type { TokenVerifier } from '../auth/token-verifier.ts';
import { peopleIssuer } from '../auth/trusted-issuer.ts';
import type { TrustedIssuer } from '../auth/trusted-issuer.ts';
import type { BffConfig } from '../config.ts';

/** Who may issue the tokens that this process believes. */
export function verifierOf({ auth }: BffConfig, ours: TrustedIssuer): TokenVerifier {
  return createTokenVerifier({ issuers: [peopleIssuer(auth), ours], claimNamespace: auth.claimNamespace });
}
