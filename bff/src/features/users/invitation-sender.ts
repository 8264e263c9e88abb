import type { Role, RowScope } from '@lumina/contracts';

/** Whom to invite; the address is personal data and goes into no log and no error. */
export interface InvitedPerson {
  readonly email: string;
  readonly territoryId: number;
  readonly regionId: number;
  readonly roles: readonly Role[];
  readonly scope?: RowScope;
}

/** An account that waits for its owner. */
export interface SentInvitation {
  /** The subject of its tokens. */
  readonly sub: string;
  /** Where its owner chooses a password; a secret until then. */
  readonly inviteUrl: string;
  readonly expiresAt: Date;
}

/** The identity provider will not have this account; asking again changes nothing. */
export class InvitationRefusedError extends Error {
  readonly code = 'invitation_refused';
  constructor(status: number) {
    super(`The identity provider refused the account with status ${String(status)}.`);
    this.name = 'InvitationRefusedError';
  }
}

/** Makes accounts at the identity provider of people. */
export interface InvitationSender {
  /** Rejects with {@link InvitationRefusedError}, or with whatever kept the provider from answering. */
  readonly invite: (person: InvitedPerson) => Promise<SentInvitation>;
  /** Takes the account of someone who never came away again; it may be gone already. */
  readonly withdraw: (sub: string) => Promise<void>;
}
