import { LOCAL_USERS } from './users.ts';

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escaped = (text: string): string => text.replace(/[&<>"']/g, (character) => ESCAPES[character] ?? character);

/** The stylesheet of every page here, served as a file so that no page needs an inline style. */
export const STYLESHEET = `
:root { color-scheme: light dark; --ink: #14202b; --soft: #536372; --line: #d3dbe2; --card: #fff; --ground: #eef2f5; --brand: #0b6b75; --bad: #a8201a; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8eef2; --soft: #9fb0bd; --line: #33424e; --card: #18222b; --ground: #0e151b; --brand: #4fc3cf; --bad: #ff9d94; } }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 24px; background: var(--ground); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
main { width: min(100%, 400px); background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 32px; }
h1 { margin: 0 0 4px; font-size: 22px; line-height: 1.3; }
p { margin: 0 0 20px; color: var(--soft); }
label { display: block; margin: 0 0 4px; font-weight: 600; font-size: 14px; }
input { width: 100%; margin: 0 0 16px; padding: 10px 12px; font: inherit; color: inherit; background: transparent; border: 1px solid var(--soft); border-radius: 8px; }
button { width: 100%; padding: 11px 12px; font: inherit; font-weight: 600; color: var(--card); background: var(--brand); border: 0; border-radius: 8px; cursor: pointer; }
:focus-visible { outline: 3px solid var(--brand); outline-offset: 2px; }
.error { color: var(--bad); font-weight: 600; }
details { margin: 24px 0 0; padding: 16px 0 0; border-top: 1px solid var(--line); font-size: 14px; }
summary { cursor: pointer; color: var(--soft); }
dl { margin: 12px 0 0; }
dt { font-family: ui-monospace, monospace; font-size: 13px; }
dd { margin: 0 0 8px; color: var(--soft); }
`;

function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)} · Lumina</title>
<link rel="stylesheet" href="/lumina-idp.css">
</head>
<body>
<main>
${body}
</main>
</body>
</html>
`;
}

/** The login form of an interaction, with what went wrong last time. */
export function loginPage(interactionUid: string, email: string, failed: boolean): string {
  const accounts = LOCAL_USERS.map((user) => `<dt>${escaped(user.email)}</dt><dd>${escaped(user.note)}</dd>`).join(
    '\n',
  );
  const options = LOCAL_USERS.map((user) => `<option value="${escaped(user.email)}"></option>`).join('');
  const message = failed ? '<p class="error" role="alert">The e-mail address or the password is wrong.</p>' : '';
  return page(
    'Log in',
    `<h1>Log in to Lumina</h1>
<p>Local identity provider of this machine</p>
${message}
<form method="post" action="/interaction/${escaped(interactionUid)}">
<label for="email">E-mail address</label>
<input id="email" name="email" type="email" list="accounts" autocomplete="username" required autofocus value="${escaped(email)}">
<datalist id="accounts">${options}</datalist>
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required>
<button type="submit">Log in</button>
</form>
<details>
<summary>Accounts of this machine (password: lumina)</summary>
<dl>
${accounts}
</dl>
</details>`,
  );
}

/** The form in which an invited person chooses a password. */
export function passwordPage(query: string, email: string): string {
  return page(
    'Choose a password',
    `<h1>Choose a password</h1>
<p>For ${escaped(email)}</p>
<form method="post" action="/lo/reset${escaped(query)}">
<label for="password">Password, at least 6 characters</label>
<input id="password" name="password" type="password" autocomplete="new-password" minlength="6" required autofocus>
<button type="submit">Set the password</button>
</form>`,
  );
}

/** What a person is told at the end of something. */
export function noticePage(title: string, detail: string): string {
  return page(title, `<h1>${escaped(title)}</h1>\n<p>${escaped(detail)}</p>`);
}

/** Submits the provider's logout form by itself; the button serves browsers without scripts. */
export function logoutPage(form: string): string {
  return page(
    'Log out',
    `<h1>Logging out</h1>
${form}
<button type="submit" form="op.logoutForm" name="logout" value="yes" autofocus>Log out</button>
<script src="/lumina-logout.js"></script>`,
  );
}

/** Presses the button of the logout page. */
export const LOGOUT_SCRIPT = "document.querySelector('button[name=logout]').click();\n";

/** What a person sees when a request to the provider is wrong. */
export function errorPage(code: string, detail: string): string {
  return page(
    'Login failed',
    `<h1>Login failed</h1>
<p class="error" role="alert">${escaped(code)}</p>
<p>${escaped(detail)}</p>
<p>Go back to the page you came from and log in again.</p>`,
  );
}
