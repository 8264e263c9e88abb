import { randomBytes } from 'node:crypto';
import Type from 'typebox';
import { Compile } from 'typebox/compile';
import { Auth0Management, managementFailure } from './auth0-management.ts';
import type { Auth0ManagementConfig, Auth0ManagementOptions } from './auth0-management.ts';
import { InvitationRefusedError } from './invitation-sender.ts';
import type { InvitationSender, InvitedPerson } from './invitation-sender.ts';

const INVITATION_SECONDS = 7 * 24 * 3_600;

const isUser = Compile(Type.Object({ user_id: Type.String({ minLength: 1, maxLength: 255 }) }));
const isTicket = Compile(Type.Object({ ticket: Type.String({ pattern: '^https?://' }) }));

function accountOf({ email, territoryId, regionId, roles, scope }: InvitedPerson, connection: string): unknown {
  return {
    connection,
    email,
    // Replaced by the owner; nobody is ever told this one. It satisfies every password policy of Auth0.
    password: `${randomBytes(30).toString('base64url')}aA1!`,
    email_verified: false,
    verify_email: false,
    app_metadata: {
      territory_id: territoryId,
      region_id: regionId,
      roles,
      ...(scope === undefined ? {} : { lumina_scope: scope }),
    },
  };
}

/** Invitations as accounts of an Auth0 tenant, each with a ticket to choose a password. */
export function createAuth0Invitations(
  config: Auth0ManagementConfig,
  options: Auth0ManagementOptions = {},
): InvitationSender {
  const management = new Auth0Management(config, options);
  const now = options.now ?? Date.now;

  async function withdraw(sub: string): Promise<void> {
    const reply = await management.call({ method: 'DELETE', path: `users/${encodeURIComponent(sub)}` });
    if (!reply.ok && reply.status !== 404) throw managementFailure('the removal of an account', reply.status);
  }

  async function ticketFor(sub: string): Promise<string> {
    const body = { user_id: sub, ttl_sec: INVITATION_SECONDS, mark_email_as_verified: true };
    const reply = await management.call({ method: 'POST', path: 'tickets/password-change', body });
    const ticket: unknown = reply.ok ? await reply.json() : undefined;
    if (!isTicket.Check(ticket)) throw managementFailure('a request for a ticket', reply.status);
    return ticket.ticket;
  }

  return {
    withdraw,
    invite: async (person) => {
      const body = accountOf(person, config.connection);
      const reply = await management.call({ method: 'POST', path: 'users', body });
      if (reply.status === 400 || reply.status === 409) throw new InvitationRefusedError(reply.status);
      const user: unknown = reply.ok ? await reply.json() : undefined;
      if (!isUser.Check(user)) throw managementFailure('a new account', reply.status);
      try {
        const expiresAt = new Date(now() + INVITATION_SECONDS * 1_000);
        return { sub: user.user_id, inviteUrl: await ticketFor(user.user_id), expiresAt };
      } catch (error) {
        // Without a ticket nobody could ever log in, and the address would be taken.
        await withdraw(user.user_id);
        throw error;
      }
    },
  };
}
