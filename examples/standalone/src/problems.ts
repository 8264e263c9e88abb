import { msg } from '@lit/localize';
import type { LuminaError } from '@lumina/sdk';
import type { PageMessage } from './message.ts';

/** Why the page could not start. */
export interface PageProblem {
  readonly code: string;
  readonly detail: string;
}

const retry = (): string => msg('Try again', { id: 'action.retry' });

/** What to say when nobody could be signed in. */
export function startMessage({ code, detail }: PageProblem): PageMessage {
  const line = `${code} · ${detail}`;
  if (code === 'page_not_configured') {
    return {
      icon: 'settings',
      tone: 'critical',
      isAlert: true,
      heading: msg('Lumina is not set up here', { id: 'page.config.title' }),
      text: msg('The page has no identity provider. Whoever runs it has to complete its configuration.', {
        id: 'page.config.text',
      }),
      code: line,
      action: retry(),
    };
  }
  return {
    icon: 'key',
    tone: 'critical',
    isAlert: true,
    heading: msg('Signing in did not work', { id: 'page.signIn.title' }),
    text: msg('The identity provider did not let you in, or could not be reached. Try once more.', {
      id: 'page.signIn.text',
    }),
    code: line,
    action: retry(),
  };
}

/** The line for whoever is asked for help. */
export function codeLine(error: LuminaError): string {
  const { code, problem, requestId } = error;
  const parts = [problem ?? code, error.message, ...(requestId === undefined ? [] : [requestId])];
  return parts.join(' · ');
}

function wordsOf({ code }: LuminaError): Pick<PageMessage, 'icon' | 'heading' | 'text'> {
  switch (code) {
    case 'REGION_UNAVAILABLE':
      return {
        icon: 'globe',
        heading: msg('Your region does not answer', { id: 'page.region.title' }),
        text: msg('Its services are being restored. This page tries again by itself.', { id: 'page.region.text' }),
      };
    case 'REGION_UNKNOWN':
      return {
        icon: 'globe',
        heading: msg('Your account names no known region', { id: 'page.regionUnknown.title' }),
        text: msg('An administrator has to correct the region of your account.', { id: 'page.regionUnknown.text' }),
      };
    case 'OFFLINE':
    case 'TIMEOUT':
      return {
        icon: 'offline',
        heading: msg('Lumina cannot be reached', { id: 'page.offline.title' }),
        text: msg('Check the connection. This page tries again by itself.', { id: 'page.offline.text' }),
      };
    case 'AUTH_REQUIRED':
    case 'TOKEN_REJECTED':
      return {
        icon: 'key',
        heading: msg('You are signed out', { id: 'page.auth.title' }),
        text: msg('Your session has ended. Sign in again to go on where you were.', { id: 'page.auth.text' }),
      };
    case 'SCOPE_DENIED':
      return {
        icon: 'key',
        heading: msg('You have no access here', { id: 'page.denied.title' }),
        text: msg('Ask an administrator of your territory for access.', { id: 'page.denied.text' }),
      };
    default:
      return {
        icon: 'alert',
        heading: msg('Something went wrong', { id: 'page.failed.title' }),
        text: msg('If it does not pass, tell your administrator the code below.', { id: 'page.failed.text' }),
      };
  }
}

/** What to say when the service does not do what the page needs. */
export function serviceMessage(error: LuminaError): PageMessage {
  const isSignIn = error.code === 'AUTH_REQUIRED' || error.code === 'TOKEN_REJECTED';
  return {
    ...wordsOf(error),
    tone: 'critical',
    isAlert: true,
    code: codeLine(error),
    action: isSignIn ? msg('Sign in again', { id: 'page.signInAgain' }) : retry(),
  };
}

/** What to say when the service does not even say who is signed in: then another account may be the way on. */
export function sessionMessage(error: LuminaError): PageMessage {
  return { ...serviceMessage(error), wayOut: msg('Sign out', { id: 'page.signOut' }) };
}

/** What to say about an address that leads nowhere. */
export function notFoundMessage(what: 'page' | 'board'): PageMessage {
  return {
    icon: 'compass',
    heading:
      what === 'board'
        ? msg('There is no such dashboard', { id: 'page.noBoard.title' })
        : msg('There is no such page', { id: 'page.notFound.title' }),
    text:
      what === 'board'
        ? msg('It may have been deleted, or belong to another territory.', { id: 'page.noBoard.text' })
        : msg('The address may be mistyped, or the page may have moved.', { id: 'page.notFound.text' }),
    action: msg('All dashboards', { id: 'page.allBoards' }),
    href: '/',
  };
}

/** What to say after signing out. */
export function signedOutMessage(): PageMessage {
  return {
    icon: 'done',
    tone: 'good',
    heading: msg('You have signed out', { id: 'page.signedOut.title' }),
    text: msg('Settings of this device are kept for next time.', { id: 'page.signedOut.text' }),
    action: msg('Sign in', { id: 'page.signIn' }),
  };
}
