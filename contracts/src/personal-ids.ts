/** The longest id there is; whoever sends a longer one is refused, and no pattern has to walk through it. */
const LONGEST_ID = 200;

/** What follows the @ of an e-mail address: labels with a dot between them, the last not a number as in an IP address. */
const EMAIL_DOMAIN = /^(?:[^\s@.]+\.)+\p{L}[\p{L}\p{N}-]+/u;
const TELEPHONE = /^\+?\(?\d[\d ().-]{5,18}\d$/;
const TELEPHONE_AMONG_WORDS = /(?<![\w+])\+?\(?\d[\d().-]{5,18}\d(?!\w)/;
const DIGITS_OF_A_TELEPHONE_NUMBER = 7;
const ENCODED_AT = /%40/g;

/** Seconds, milliseconds or microseconds from 2001 to 2033: what ids are composed with, and no number one can dial. */
const INSTANT = /^1(?:\d{9}|\d{12}|\d{15})$/;

function isTelephone(text: string): boolean {
  return TELEPHONE.test(text) && text.replace(/\D/g, '').length >= DIGITS_OF_A_TELEPHONE_NUMBER;
}

function hasEmail(text: string): boolean {
  for (let at = text.indexOf('@', 1); at !== -1; at = text.indexOf('@', at + 1)) {
    if (EMAIL_DOMAIN.test(text.slice(at + 1)) && text[at - 1] !== ' ') return true;
  }
  return false;
}

/**
 * Whether a text could name a person. An e-mail address does, and a telephone number, also as the user of a SIP
 * address (`447700900123@default`). An extension within a switch (`1001@default`, `1001@10.0.0.1`) does not: it names
 * a desk. A domain with a name of its own (`1001@pbx.example.com`) cannot be told from e-mail and counts as such.
 */
function looksPersonal(text: string): boolean {
  const isSpaced = text.includes(' ');
  if (isSpaced && TELEPHONE_AMONG_WORDS.test(text)) return true;
  const plain = text.includes('%40') ? text.replace(ENCODED_AT, '@') : text;
  const at = plain.indexOf('@');
  return at === -1 ? isTelephone(plain) : isTelephone(plain.slice(0, at)) || hasEmail(plain);
}

/**
 * Replaces what looks personal in an id. Of a composed id (`<member>:<agent>:<answered>`, `sip:<address>`,
 * `/users/<address>`) each part is looked at, and replaced, on its own: an id has the same pseudonym inside another
 * as alone, whoever composed it.
 */
export function replacePersonal(id: string, replace: (part: string) => string): string {
  if (id.length > LONGEST_ID) return id;
  if (!id.includes(':') && !id.includes('/')) return looksPersonal(id) ? replace(id) : id;
  return id.replace(/[^:/]+/g, (part) => (!INSTANT.test(part) && looksPersonal(part) ? replace(part) : part));
}

/** A whole id that one could dial, or such a part of a composed one that is no instant. */
const DIALABLE =
  /^[+(\d][\d ().-]{5,20}\d$|(?:^|[:/])(?!1(?:\d{9}|\d{12}|\d{15})(?:[:/]|$))[+(\d][\d ().-]{5,20}\d(?:[:/]|$)/;

/**
 * False when {@link replacePersonal} would surely leave an id as it is. Every id of every event is asked, and of nearly
 * all it is false: no address in them, no number among words, nothing to dial.
 */
export function mayLookPersonal(id: string): boolean {
  return (
    id.includes('@') || id.includes('%') || DIALABLE.test(id) || (id.includes(' ') && TELEPHONE_AMONG_WORDS.test(id))
  );
}

/** Hexadecimal HMAC-SHA-256 of a text; whoever needs pseudonyms brings his own. */
export type HmacHex = (key: string, text: string) => string;

const PSEUDONYM_DIGITS = 32;

/**
 * Makes what replaces ids that could name a person in one territory: `a_` and an HMAC under a key of that territory, so
 * that the same person has one id inside a territory and unrelated ones across territories. Whoever writes facts and
 * whoever asks for them agree by it: filters take the raw id.
 */
export function createPseudonymiser(territoryId: number, secret: string, hmacHex: HmacHex): (id: string) => string {
  const territoryKey = hmacHex(secret, `territory:${String(territoryId)}`);
  const pseudonymOf = (part: string): string => `a_${hmacHex(territoryKey, part).slice(0, PSEUDONYM_DIGITS)}`;
  return (id) => (mayLookPersonal(id) ? replacePersonal(id, pseudonymOf) : id);
}
