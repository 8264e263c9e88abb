import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { LOCAL_PASSWORD, LOCAL_USERS } from './users.ts';
import type { LocalUser } from './users.ts';

const hashed = promisify<string, string, number, Buffer>(scrypt);
const HASH_BYTES = 32;

/** An account that was made through the management API. */
interface StoredAccount extends LocalUser {
  /** `salt:hash`; nobody can log in before the password is set. */
  readonly password?: string;
}

interface AccountsFile {
  readonly accounts: readonly StoredAccount[];
  readonly blocked: readonly string[];
}

interface Ticket {
  readonly sub: string;
  readonly expiresAtMs: number;
}

/** What a new account is made from. */
export type NewAccount = Omit<LocalUser, 'sub' | 'note' | 'name'> & { readonly name?: string };

const isMissing = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ENOENT';

async function hashOf(password: string): Promise<string> {
  const salt = randomBytes(16).toString('hex');
  return `${salt}:${(await hashed(password, salt, HASH_BYTES)).toString('hex')}`;
}

async function isPassword(password: string, stored: string): Promise<boolean> {
  const [salt = '', hash = ''] = stored.split(':');
  return timingSafeEqual(await hashed(password, salt, HASH_BYTES), Buffer.from(hash, 'hex'));
}

/** Who can log in: the users of this machine, and whoever was added. */
export class Accounts {
  readonly #file: string;
  readonly #tickets = new Map<string, Ticket>();
  readonly #blocked: Set<string>;
  #added: readonly StoredAccount[];

  private constructor(file: string, { accounts, blocked }: AccountsFile) {
    this.#file = file;
    this.#added = accounts;
    this.#blocked = new Set(blocked);
  }

  /** The accounts kept in a folder. */
  static async load(dataDir: string): Promise<Accounts> {
    const file = join(dataDir, 'accounts.json');
    try {
      return new Accounts(file, JSON.parse(await readFile(file, 'utf8')) as AccountsFile);
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
    await mkdir(dataDir, { recursive: true });
    return new Accounts(file, { accounts: [], blocked: [] });
  }

  /** The account with an e-mail address, in any case. */
  byEmail(email: string): LocalUser | undefined {
    const wanted = email.trim().toLowerCase();
    return this.#all().find((user) => user.email === wanted);
  }

  /** The account a token was issued to. */
  bySub(sub: string): LocalUser | undefined {
    return this.#all().find((user) => user.sub === sub);
  }

  isBlocked(sub: string): boolean {
    return this.#blocked.has(sub);
  }

  /** The account whose address and password these are, unless it is blocked. */
  async logIn(email: string, password: string): Promise<LocalUser | undefined> {
    const user = this.byEmail(email);
    if (user === undefined || this.isBlocked(user.sub)) return undefined;
    const added = this.#added.find(({ sub }) => sub === user.sub);
    if (added === undefined) return password === LOCAL_PASSWORD ? user : undefined;
    return added.password !== undefined && (await isPassword(password, added.password)) ? user : undefined;
  }

  /** Adds one without a password. @returns undefined where the address is taken. */
  async add({ name, ...account }: NewAccount): Promise<LocalUser | undefined> {
    const email = account.email.trim().toLowerCase();
    if (this.byEmail(email) !== undefined) return undefined;
    const sub = `auth0|${randomBytes(12).toString('hex')}`;
    const user: LocalUser = { ...account, email, name: name ?? email, sub, note: 'invited' };
    this.#added = [...this.#added, user];
    await this.#save();
    return user;
  }

  /** Removes one that was added. @returns whether it was there. */
  async remove(sub: string): Promise<boolean> {
    const rest = this.#added.filter((user) => user.sub !== sub);
    if (rest.length === this.#added.length) return false;
    this.#added = rest;
    await this.#save();
    return true;
  }

  async block(sub: string, isBlocked: boolean): Promise<void> {
    if (isBlocked) this.#blocked.add(sub);
    else this.#blocked.delete(sub);
    await this.#save();
  }

  /** A ticket that sets the password of an account once. */
  issueTicket(sub: string, lifetimeSeconds: number): string {
    const ticket = randomBytes(24).toString('base64url');
    this.#tickets.set(ticket, { sub, expiresAtMs: Date.now() + lifetimeSeconds * 1_000 });
    return ticket;
  }

  /** Whose password a ticket sets; undefined for what is unknown, used or late. */
  ofTicket(ticket: string): LocalUser | undefined {
    const known = this.#tickets.get(ticket);
    return known === undefined || known.expiresAtMs <= Date.now() ? undefined : this.bySub(known.sub);
  }

  /** Uses a ticket up. @returns whether it was good. */
  async setPassword(ticket: string, password: string): Promise<boolean> {
    const user = this.ofTicket(ticket);
    if (!this.#tickets.delete(ticket) || user === undefined) return false;
    const stored = await hashOf(password);
    this.#added = this.#added.map((account) => (account.sub === user.sub ? { ...account, password: stored } : account));
    await this.#save();
    return true;
  }

  #all(): readonly LocalUser[] {
    return [...LOCAL_USERS, ...this.#added];
  }

  async #save(): Promise<void> {
    const content: AccountsFile = { accounts: this.#added, blocked: [...this.#blocked] };
    // Renamed into place, so that a crash never leaves half a list behind.
    const next = `${this.#file}.${randomBytes(4).toString('hex')}`;
    await writeFile(next, JSON.stringify(content), { mode: 0o600 });
    await rename(next, this.#file);
  }
}
