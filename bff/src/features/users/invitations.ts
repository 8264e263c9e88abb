import { InvitationDraftSchema, InvitationListSchema, NewInvitationSchema } from '@lumina/contracts/schemas';
import type { Invitation, InvitationDraft } from '@lumina/contracts/schemas';
import { assertPermission } from '../../auth/identity.ts';
import type { Identity } from '../../auth/identity.ts';
import { HttpProblem } from '../../http/problem.ts';
import { defineRoute, pathParameter } from '../../http/route.ts';
import type { Route } from '../../http/route.ts';
import { assertMayGive, decideInvitation, decideRevocation } from './grant-rules.ts';
import { InvitationRefusedError } from './invitation-sender.ts';
import type { InvitationSender, SentInvitation } from './invitation-sender.ts';
import type { InvitationStore, PendingInvitation } from './invitation-store.ts';
import { scopeView } from './person-views.ts';
import { scopeWarnings } from './scope-warnings.ts';
import { keptDraft } from './users.ts';
import type { UsersOptions } from './users.ts';

/** What the routes of invitations need besides those of people. */
export interface InvitationOptions extends UsersOptions {
  readonly invitations: InvitationStore;
  /** Absent where no identity provider lets itself be managed. */
  readonly sender?: InvitationSender;
}

function missing(): HttpProblem {
  return new HttpProblem('not_found', 'There is no such open invitation; whoever has followed one is at /api/users.');
}

function senderOf({ sender }: InvitationOptions): InvitationSender {
  if (sender === undefined)
    throw new HttpProblem('not_found', 'Invitations are not set up here; add people at the identity provider.');
  return sender;
}

function unanswered(cause: unknown): HttpProblem {
  return new HttpProblem('overloaded', 'The identity provider cannot be asked at the moment; try again shortly.', {
    cause,
    headers: { 'Retry-After': '10' },
  });
}

async function invite(
  sender: InvitationSender,
  { territoryId, regionId }: Identity,
  draft: InvitationDraft,
): Promise<SentInvitation> {
  try {
    return await sender.invite({ ...draft, territoryId, regionId });
  } catch (error) {
    if (!(error instanceof InvitationRefusedError)) throw unanswered(error);
    // The same words whatever the reason: whether an address has an account is nobody's business.
    throw new HttpProblem('invalid_request', 'body/email: the identity provider does not take this address.', {
      cause: error,
    });
  }
}

function view({ invitedAt, expiresAt, scope, email, ...rest }: PendingInvitation): Invitation {
  return {
    ...rest,
    roles: [...rest.roles],
    ...(email === undefined ? {} : { email }),
    scope: scope === undefined ? null : scopeView(scope),
    invitedAt: invitedAt.toISOString(),
    expiresAt: expiresAt.toISOString(),
  };
}

function createRoute(options: InvitationOptions): Route {
  const { invitations, directory, changes } = options;
  return defineRoute({
    method: 'post',
    path: '/api/users/invitations',
    summary:
      'Invite a person: an account at the identity provider, with roles and perhaps a scope (needs scopes:write)',
    permission: 'users:write',
    body: InvitationDraftSchema,
    success: { status: 201, description: 'The invitation, with its link', schema: NewInvitationSchema },
    handle: async ({ identity, body, response }) => {
      const sender = senderOf(options);
      const { email } = body;
      const draft = keptDraft(options, identity, {
        roles: body.roles,
        ...(body.scope === undefined ? {} : { scope: body.scope }),
      });
      // Before anything leaves the house; the transaction decides again.
      assertMayGive(identity, draft);
      if (draft.scope !== undefined) assertPermission(identity, 'scopes:write');
      const warnings = await scopeWarnings(directory, identity, draft.scope);
      const sent = await invite(sender, identity, {
        email,
        roles: body.roles,
        ...(draft.scope === undefined ? {} : { scope: draft.scope }),
      });
      const { sub, expiresAt, inviteUrl } = sent;
      try {
        const kept = await invitations.create(
          identity,
          { sub, email, expiresAt },
          decideInvitation(identity, sub, draft),
        );
        changes.announce(kept.change);
        response
          .status(201)
          .set('Cache-Control', 'no-store')
          .json({ invitation: view(kept.invitation), inviteUrl, warnings });
      } catch (error) {
        // An account that nobody here knows of would be a way in that nobody sees.
        await sender.withdraw(sub);
        throw error;
      }
    },
  });
}

function listRoute({ invitations }: InvitationOptions): Route {
  return defineRoute({
    method: 'get',
    path: '/api/users/invitations',
    summary: 'Invitations that nobody has followed yet, newest first',
    permission: 'users:write',
    success: { status: 200, description: 'Open invitations', schema: InvitationListSchema },
    handle: async ({ identity, response }) => {
      const items = (await invitations.pending(identity)).map(view);
      response.set('Cache-Control', 'private, no-cache').json({ items });
    },
  });
}

function revokeRoute(options: InvitationOptions): Route {
  const { invitations, changes } = options;
  return defineRoute({
    method: 'delete',
    path: '/api/users/invitations/{id}',
    summary: 'Revoke an open invitation: its account goes away and its person is kept out',
    permission: 'users:write',
    success: { status: 204, description: 'It is revoked' },
    handle: async ({ identity, request, response }) => {
      const invitation = await invitations.find(identity, pathParameter(request, 'id'));
      if (invitation === undefined) throw missing();
      // Kept out here first: should the provider not answer, nobody comes in all the same.
      const change = await invitations.revoke(identity, invitation, decideRevocation(identity, invitation.sub));
      if (change === undefined) throw missing();
      changes.announce(change);
      await options.sender?.withdraw(invitation.sub).catch((error: unknown) => {
        throw unanswered(error);
      });
      response.status(204).end();
    },
  });
}

/** `/api/users/invitations`; to be mounted before `/api/users/{person}`. */
export function invitationRoutes(options: InvitationOptions): readonly Route[] {
  return [createRoute(options), listRoute(options), revokeRoute(options)];
}
