import { sqlError } from './position.ts';
import type { Position } from './position.ts';

/** Kinds of tokens; `word` is an unquoted identifier or keyword, in lower case in `value`. */
export type TokenKind =
  'word' | 'quoted' | 'string' | 'integer' | 'decimal' | 'double' | 'duration' | 'parameter' | 'symbol' | 'end';
/** One token; `text` is as written. */
export type Token = { kind: TokenKind; value: string; text: string; at: Position };

const MAX_SHOWN = 60;

const PAIRS = new Set(['<>', '!=', '<=', '>=', '||', '::', '->']);
const SYMBOLS = new Set('(),.;+-*/%=<>[]?:');
const UNITS = new Set(['ns', 'us', 'ms', 's', 'm', 'h', 'd']);

const isDigit = (character: string): boolean => character >= '0' && character <= '9';
const isWordStart = (character: string): boolean =>
  (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z') || character === '_';
const isBlank = (character: string): boolean =>
  character === ' ' || character === '\n' || (character !== '' && !isWordStart(character) && /^\s$/.test(character));
const isWordPart = (character: string): boolean => isWordStart(character) || isDigit(character) || character === '@';

/** Splits a query into tokens. */
export function tokenize(text: string): Token[] {
  return new Lexer(text).all();
}

class Lexer {
  private readonly text: string;
  private offset = 0;
  private line = 1;
  private lineStart = 0;

  constructor(text: string) {
    this.text = text;
  }

  all(): Token[] {
    const tokens: Token[] = [];
    for (;;) {
      const token = this.next();
      tokens.push(token);
      if (token.kind === 'end') return tokens;
    }
  }

  private next(): Token {
    this.skipBlanks();
    const at = { line: this.line, column: this.offset - this.lineStart + 1 };
    const character = this.peek();
    if (character === '') return { kind: 'end', value: '', text: '<EOF>', at };
    if (character === "'") return this.delimited('string', "'", at);
    if (character === '"') return this.delimited('quoted', '"', at);
    if (isWordStart(character)) {
      const text = this.takeWhile(isWordPart);
      return { kind: 'word', value: text.toLowerCase(), text, at };
    }
    if (character === '@' && isWordStart(this.peek(1))) {
      this.offset += 1;
      const text = this.takeWhile(isWordPart);
      return { kind: 'parameter', value: text, text: `@${text}`, at };
    }
    if (isDigit(character) || (character === '.' && isDigit(this.peek(1)))) return this.number(at);
    const pair = this.text.slice(this.offset, this.offset + 2);
    const symbol = PAIRS.has(pair) ? pair : character;
    if (symbol === character && !SYMBOLS.has(character)) throw sqlError(at, `mismatched input '${this.character()}'`);
    this.offset += symbol.length;
    return { kind: 'symbol', value: symbol, text: symbol, at };
  }

  private number(at: Position): Token {
    const start = this.offset;
    this.takeWhile(isDigit);
    let kind: TokenKind = 'integer';
    if (this.peek() === '.' && this.peek(1) !== '.') {
      kind = 'decimal';
      this.offset += 1;
      this.takeWhile(isDigit);
    }
    const sign = this.peek(1) === '+' || this.peek(1) === '-' ? 1 : 0;
    if (/^[eE]$/.test(this.peek()) && isDigit(this.peek(1 + sign))) {
      kind = 'double';
      this.offset += 1 + sign;
      this.takeWhile(isDigit);
    }
    if (isWordStart(this.peek())) {
      const unit = this.takeWhile(isWordPart);
      const text = this.text.slice(start, this.offset);
      // A unit must touch its number: `5m` is five minutes, `5 m` is five with the alias m.
      if (kind !== 'integer' || !UNITS.has(unit.toLowerCase()))
        throw sqlError(at, `mismatched input '${text.slice(0, MAX_SHOWN)}'`);
      return { kind: 'duration', value: text.toLowerCase(), text, at };
    }
    const text = this.text.slice(start, this.offset);
    return { kind, value: text, text, at };
  }

  private delimited(kind: 'string' | 'quoted', quote: string, at: Position): Token {
    const start = this.offset;
    let value = '';
    this.offset += 1;
    for (;;) {
      const character = this.peek();
      if (character === '')
        throw sqlError(at, kind === 'string' ? 'unterminated string literal' : 'unterminated identifier');
      this.advance();
      if (character !== quote) value += character;
      else if (this.peek() === quote) {
        value += quote;
        this.advance();
      } else break;
    }
    return { kind, value, text: this.text.slice(start, this.offset), at };
  }

  private skipBlanks(): void {
    for (;;) {
      if (isBlank(this.peek())) this.advance();
      else if (this.text.startsWith('--', this.offset)) this.takeWhile((character) => character !== '\n');
      else if (this.text.startsWith('/*', this.offset)) {
        const end = this.text.indexOf('*/', this.offset + 2);
        if (end < 0)
          throw sqlError({ line: this.line, column: this.offset - this.lineStart + 1 }, 'unterminated comment');
        while (this.offset < end + 2) this.advance();
      } else return;
    }
  }

  private takeWhile(accepts: (character: string) => boolean): string {
    const start = this.offset;
    while (this.peek() !== '' && accepts(this.peek())) this.offset += 1;
    return this.text.slice(start, this.offset);
  }

  private peek(ahead = 0): string {
    return this.text.charAt(this.offset + ahead);
  }

  /** The whole character here, also when it takes two units of UTF-16. */
  private character(): string {
    return String.fromCodePoint(this.text.codePointAt(this.offset) ?? 0);
  }

  private advance(): void {
    if (this.peek() === '\n') {
      this.line += 1;
      this.lineStart = this.offset + 1;
    }
    this.offset += 1;
  }
}
