import type { Name, Query } from './ast.ts';
import { tokenize } from './lexer.ts';
import type { Token } from './lexer.ts';
import { sqlError } from './position.ts';
import type { Position } from './position.ts';

/** Words that end an expression or a relation, and so are no aliases and no columns unless quoted. */
const RESERVED = new Set(
  'select from where group having order limit with as on join inner left right full cross outer union intersect except and or not in is null between like escape case when then else end cast exists distinct by true false using values over unnest natural'.split(
    ' ',
  ),
);

const MAX_DEPTH = 100;
const MAX_SHOWN = 60;

/** The tokens of a query with a reading position. */
export class TokenStream {
  /** Parses a query; set by the query parser, so that expressions can hold subqueries without a cycle of imports. */
  readonly parseSubquery: (stream: TokenStream) => Query;
  private readonly tokens: readonly Token[];
  private index = 0;
  private depth = 0;

  constructor(text: string, parseSubquery: (stream: TokenStream) => Query) {
    this.tokens = tokenize(text);
    this.parseSubquery = parseSubquery;
  }

  peek(ahead = 0): Token {
    const token = this.tokens[Math.min(this.index + ahead, this.tokens.length - 1)];
    if (token === undefined) throw new Error('The token list has no end token.');
    return token;
  }

  next(): Token {
    const token = this.peek();
    this.index += 1;
    return token;
  }

  get at(): Position {
    return this.peek().at;
  }

  isWord(...words: readonly string[]): boolean {
    const token = this.peek();
    return token.kind === 'word' && words.includes(token.value);
  }

  isSymbol(...symbols: readonly string[]): boolean {
    const token = this.peek();
    return token.kind === 'symbol' && symbols.includes(token.value);
  }

  acceptWord(...sequence: readonly string[]): boolean {
    const matches = sequence.every(
      (word, ahead) => this.peek(ahead).kind === 'word' && this.peek(ahead).value === word,
    );
    if (matches) this.index += sequence.length;
    return matches;
  }

  acceptSymbol(symbol: string): boolean {
    if (!this.isSymbol(symbol)) return false;
    this.index += 1;
    return true;
  }

  expectWord(word: string): void {
    if (!this.acceptWord(word)) this.unexpected(`'${word.toUpperCase()}'`);
  }

  expectSymbol(symbol: string): void {
    if (!this.acceptSymbol(symbol)) this.unexpected(`'${symbol}'`);
  }

  /** Whether a query begins here. */
  isQuery(): boolean {
    return this.isWord('select', 'with', 'values');
  }

  isName(): boolean {
    const token = this.peek();
    return token.kind === 'quoted' || (token.kind === 'word' && !RESERVED.has(token.value));
  }

  name(): Name {
    if (!this.isName()) this.unexpected('<identifier>');
    const token = this.next();
    return { text: token.kind === 'quoted' ? token.value : token.text, at: token.at };
  }

  integer(): bigint {
    if (this.peek().kind !== 'integer') this.unexpected('<integer>');
    return BigInt(this.next().value);
  }

  string(): string {
    if (this.peek().kind !== 'string') this.unexpected('<string>');
    return this.next().value;
  }

  /** Reads something that can contain itself, to a limit that the call stack can bear. */
  nested<T>(read: () => T): T {
    this.depth += 1;
    if (this.depth > MAX_DEPTH) throw sqlError(this.at, 'The query is nested too deeply');
    const result = read();
    this.depth -= 1;
    return result;
  }

  /** Items separated by commas. */
  list<T>(item: () => T): T[] {
    const items = [item()];
    while (this.acceptSymbol(',')) items.push(item());
    return items;
  }

  unexpected(expecting: string): never {
    const token = this.peek();
    const shown = token.text.length > MAX_SHOWN ? `${token.text.slice(0, MAX_SHOWN)}…` : token.text;
    throw sqlError(token.at, `mismatched input '${shown}'. Expecting: ${expecting}`);
  }
}
