import { createHmac, createPublicKey } from 'node:crypto';
import { exportSPKI } from 'jose';
import { LOCAL_AUDIENCE, permissionsOf } from '@lumina/contracts';
import { startLocalIssuer } from '../../testing/local-issuer.ts';
import type { LocalIssuer } from '../../testing/local-issuer.ts';

type Claims = Readonly<Record<string, unknown>>;

/** A credential that must open nothing. */
export interface Forgery {
  readonly name: string;
  readonly authorization: string;
}

const encoded = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const nowSeconds = (): number => Math.floor(Date.now() / 1_000);

/** What an administrator's token says. */
function adminClaims(issuer: string): Record<string, unknown> {
  return {
    sub: 'auth0|admin',
    territory_id: 101,
    region_id: 1,
    roles: ['admin'],
    permissions: permissionsOf(['admin']),
    iss: issuer,
    aud: LOCAL_AUDIENCE,
    iat: nowSeconds(),
    exp: nowSeconds() + 600,
  };
}

/** Ids that are numbers to somebody, and none of ours. */
export const ODD_NUMBERS: readonly unknown[] = [
  '0102',
  '+102',
  '-102',
  '1e2',
  '0x66',
  '102.0',
  ' 102',
  '102 ',
  '1, 2',
  '101,102',
  '１０２',
  '٢٠١',
  'NaN',
  'Infinity',
  '',
  '9007199254740993',
  '99999999999',
  '102\u0000',
  'null',
  '[102]',
  '102;101',
  '102 OR 1=1',
  -102,
  0,
  102.5,
  1e21,
  true,
  null,
  [102],
  ['101', '102'],
  { $ne: 101 },
  { toString: '102' },
];

/** Claims that fit no schema. */
function misfits(): [string, Claims][] {
  return [
    ...ODD_NUMBERS.flatMap((odd): [string, Claims][] => [
      [`territory_id ${JSON.stringify(odd)}`, { territory_id: odd }],
      [`region_id ${JSON.stringify(odd)}`, { region_id: odd }],
    ]),
    ['two territories', { 'https://lumina/territory_id': 102 }],
    ['two regions', { 'https://lumina/region_id': 2 }],
    ['no territory', { territory_id: undefined }],
    ['a super_admin and a territory of no role', { roles: ['root'] }],
    ['no roles', { roles: [] }],
    ['roles as text', { roles: 'admin' }],
    ['a scope of null', { lumina_scope: null }],
    ['a scope of another shape', { lumina_scope: { queue: ['q_same'] } }],
    ['a scope of text', { lumina_scope: 'q_same' }],
    ['a scope with a prototype', { lumina_scope: JSON.parse('{"__proto__":{"queues":[]},"queues":"*"}') as unknown }],
    ['no subject', { sub: '' }],
    ['a subject with a control character', { sub: 'auth0|a\nb' }],
    ['expired', { exp: nowSeconds() - 3_600 }],
    ['without an end', { exp: undefined }],
    ['not yet valid', { nbf: nowSeconds() + 3_600 }],
    ['issued in the future', { iat: nowSeconds() + 3_600 }],
    ['of another audience', { aud: 'https://elsewhere.example' }],
    ['of another issuer by name', { iss: 'https://elsewhere.example/' }],
    ['of the region as the issuer', { iss: 'https://api.lumina.local/' }],
  ];
}

function unsigned(issuer: string): [string, string][] {
  const payload = encoded(adminClaims(issuer));
  return ['none', 'None', 'nOnE', 'NONE', ''].flatMap((alg): [string, string][] => [
    [`alg ${alg}`, `${encoded({ alg, typ: 'at+jwt' })}.${payload}.`],
    [`alg ${alg} with a signature`, `${encoded({ alg, kid: 'test-key', typ: 'at+jwt' })}.${payload}.AAAA`],
  ]);
}

/** The public key as the secret of a symmetric signature. */
async function confused({ issuer, publicKey }: LocalIssuer): Promise<[string, string][]> {
  const spki = await exportSPKI(publicKey);
  const der = createPublicKey(spki).export({ type: 'spki', format: 'der' });
  return [['PEM', spki] as const, ['DER', der] as const, ['nothing', ''] as const].map(([name, secret]) => {
    const signed = `${encoded({ alg: 'HS256', kid: 'test-key', typ: 'at+jwt' })}.${encoded(adminClaims(issuer))}`;
    return [`HS256 by ${name}`, `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`];
  });
}

/** The parts of a good token with something else in their place. */
function edited(token: string, claims: Claims): [string, string][] {
  const [header = '', payload = '', signature = ''] = token.split('.');
  const said = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Claims;
  const head = JSON.parse(Buffer.from(header, 'base64url').toString()) as Claims;
  return [
    ...Object.entries(claims).map(([name, value]): [string, string] => [
      `edited ${name}`,
      `${header}.${encoded({ ...said, [name]: value })}.${signature}`,
    ]),
    ['cut', `${header}.${payload}.${signature.slice(0, -8)}`],
    ['without a signature', `${header}.${payload}.`],
    ['with two payloads', `${header}.${payload}.${payload}.${signature}`],
    ['with another kid', `${encoded({ ...head, kid: '../../../etc/passwd' })}.${payload}.${signature}`],
    ['with a key of its own', `${encoded({ ...head, jwk: { kty: 'oct', k: 'AAAA' } })}.${payload}.${signature}`],
    ['with something critical', `${encoded({ ...head, crit: ['b64'], b64: false })}.${payload}.${signature}`],
    ['as an embed', `${encoded({ ...head, typ: 'lumina-embed+jwt' })}.${payload}.${signature}`],
  ];
}

/** Everything that is no token of ours; `service` is a good token that the service itself has issued. */
export async function forgeriesOf(issuer: LocalIssuer, service: string): Promise<readonly Forgery[]> {
  const stranger = await startLocalIssuer();
  stranger.close();
  const admin = adminClaims(issuer.issuer);
  const good = await issuer.sign(admin);
  const elevated = {
    territory_id: 102,
    region_id: 2,
    roles: ['super_admin'],
    permissions: permissionsOf(['super_admin']),
    sub: 'client|r1_other',
    lumina_scope: {},
  };
  const tokens: [string, string][] = [
    ...unsigned(issuer.issuer),
    ...(await confused(issuer)),
    ...edited(good, elevated),
    ...edited(service, elevated).map(([name, token]): [string, string] => [`service ${name}`, token]),
    ['of a stranger', await stranger.sign(admin)],
    ['of a stranger by our name', await stranger.sign({ ...admin, iss: issuer.issuer })],
    ['of a stranger with our key id', await stranger.sign({ ...admin, iss: issuer.issuer }, { kid: 'test-key' })],
  ];
  for (const [name, claims] of misfits()) tokens.push([name, await issuer.sign({ ...admin, ...claims })]);
  const bearers = tokens.map(([name, token]) => ({ name, authorization: `Bearer ${token}` }));
  return [
    ...bearers,
    { name: 'twice', authorization: `Bearer ${good}, Bearer ${good}` },
    { name: 'as basic', authorization: `Basic ${good}` },
    { name: 'in quotes', authorization: `Bearer "${good}"` },
    { name: 'nothing after bearer', authorization: 'Bearer' },
    { name: 'a huge one', authorization: `Bearer ${'A'.repeat(12_000)}` },
  ];
}
