import type { Expression, Name } from './ast.ts';
import { parseCall, parseExtract, parsePosition, wordCall } from './call-parser.ts';
import type { ParseExpression } from './call-parser.ts';
import { parseDuration } from './duration.ts';
import { parseInterval } from './interval.ts';
import { sqlError } from './position.ts';
import type { TokenStream } from './token-stream.ts';
import { parseType } from './type-parser.ts';

const MAX_BIGINT = 9_223_372_036_854_775_807n;
const MAX_DIGITS = 40;
const NOT = 3;
const UNARY = 8;
const TYPED_LITERALS = new Set(['timestamp', 'date', 'time', 'bigint', 'double']);
const NOW_WORDS = ['current_timestamp', 'current_date', 'current_time', 'localtime', 'localtimestamp'];

/** Reads an expression that begins here, up to its first operator. */
export function parsePrimary(stream: TokenStream, parse: ParseExpression): Expression {
  const token = stream.peek();
  const { at } = token;
  switch (token.kind) {
    case 'integer':
      stream.next();
      return integerLiteral(token.value, at);
    case 'decimal':
    case 'double':
      stream.next();
      return { kind: 'double', text: token.value, at };
    case 'string':
      stream.next();
      return { kind: 'string', value: token.value, at };
    case 'duration': {
      stream.next();
      const ns = parseDuration(token.value);
      if (ns === undefined) throw sqlError(at, `Invalid duration: ${token.text.slice(0, MAX_DIGITS)}`);
      return { kind: 'duration', ns, at };
    }
    case 'parameter':
      stream.next();
      return { kind: 'parameter', name: token.value, at };
    case 'symbol':
      return parseSymbol(stream, parse);
    case 'word':
      return parseWord(stream, parse);
    case 'quoted':
      return lambdaOr(stream, parse) ?? parseNamed(stream);
    case 'end':
      return stream.unexpected('<expression>');
  }
}

function integerLiteral(text: string, at: Expression['at']): Expression {
  // Reading a number takes more than linear time in its length.
  const value = text.length > MAX_DIGITS ? MAX_BIGINT + 1n : BigInt(text);
  if (value > MAX_BIGINT) throw sqlError(at, `Invalid numeric literal: ${text.slice(0, MAX_DIGITS)}`);
  return { kind: 'integer', value, at };
}

function parseSymbol(stream: TokenStream, parse: ParseExpression): Expression {
  const { at } = stream;
  if (stream.acceptSymbol('-')) return { kind: 'unary', operator: '-', operand: parse(stream, UNARY), at };
  if (stream.acceptSymbol('+')) return { kind: 'unary', operator: '+', operand: parse(stream, UNARY), at };
  if (!stream.isSymbol('(')) return stream.unexpected('<expression>');
  const lambda = lambdaOr(stream, parse);
  if (lambda !== undefined) return lambda;
  stream.next();
  if (stream.isQuery()) {
    const query = stream.parseSubquery(stream);
    stream.expectSymbol(')');
    return { kind: 'subquery', query, at };
  }
  const items = stream.list(() => parse(stream));
  stream.expectSymbol(')');
  const [only] = items;
  return items.length === 1 && only !== undefined ? only : { kind: 'row', items, at };
}

/** `x -> …` and `(a, b) -> …` */
function lambdaOr(stream: TokenStream, parse: ParseExpression): Expression | undefined {
  const { at } = stream;
  const isListed = stream.isSymbol('(');
  let ahead = isListed ? 1 : 0;
  const isNameAt = (place: number): boolean => ['word', 'quoted'].includes(stream.peek(place).kind);
  if (!isNameAt(ahead) && !(isListed && stream.peek(ahead).value === ')')) return undefined;
  while (isListed && stream.peek(ahead).kind !== 'symbol') {
    if (!isNameAt(ahead)) return undefined;
    ahead += stream.peek(ahead + 1).value === ',' ? 2 : 1;
  }
  const arrow = stream.peek(ahead + 1);
  if (arrow.kind !== 'symbol' || arrow.value !== '->' || (isListed && stream.peek(ahead).value !== ')'))
    return undefined;
  if (isListed) stream.next();
  const parameters = isListed ? (stream.isSymbol(')') ? [] : stream.list(() => stream.name())) : [stream.name()];
  if (isListed) stream.expectSymbol(')');
  stream.expectSymbol('->');
  return { kind: 'lambda', parameters, body: parse(stream), at };
}

function parseWord(stream: TokenStream, parse: ParseExpression): Expression {
  const { at } = stream;
  if (stream.acceptWord('null')) return { kind: 'null', at };
  if (stream.acceptWord('true')) return { kind: 'boolean', value: true, at };
  if (stream.acceptWord('false')) return { kind: 'boolean', value: false, at };
  if (stream.acceptWord('not')) return { kind: 'not', operand: parse(stream, NOT), at };
  if (stream.acceptWord('case')) return parseCase(stream, parse, at);
  const follows = stream.peek(1);
  const isCall = follows.kind === 'symbol' && follows.value === '(';
  if (stream.acceptWord('exists')) {
    stream.expectSymbol('(');
    const query = stream.parseSubquery(stream);
    stream.expectSymbol(')');
    return { kind: 'exists', query, at };
  }
  if (isCall && stream.isWord('cast', 'try_cast')) return parseCast(stream, parse);
  if (isCall && stream.isWord('row')) return { kind: 'row', items: rowItems(stream, parse), at };
  if (isCall && stream.isWord('position')) return { kind: 'call', call: parsePosition(stream, parse), at };
  if (isCall && stream.isWord('extract')) return { kind: 'call', call: parseExtract(stream, parse), at };
  if (stream.isWord('interval') && (follows.kind === 'string' || follows.value === '-')) return parseInterval(stream);
  if (stream.isWord('array') && follows.kind === 'symbol' && follows.value === '[') return parseArray(stream, parse);
  if (follows.kind === 'string' && TYPED_LITERALS.has(stream.peek().value)) {
    const type = stream.next().value;
    return { kind: 'typed', type, value: stream.next().value, at };
  }
  if (isCall && stream.isName()) return { kind: 'call', call: parseCall(stream, parse), at };
  if (stream.isWord(...NOW_WORDS)) return { kind: 'call', call: wordCall(stream.next().value, at), at };
  return lambdaOr(stream, parse) ?? parseNamed(stream);
}

function rowItems(stream: TokenStream, parse: ParseExpression): Expression[] {
  stream.next();
  stream.expectSymbol('(');
  const items = stream.list(() => parse(stream));
  stream.expectSymbol(')');
  return items;
}

function parseNamed(stream: TokenStream): Expression {
  const { at } = stream;
  const path: Name[] = [columnName(stream)];
  while (stream.acceptSymbol('.')) path.push(columnName(stream));
  return { kind: 'column', path, at };
}

/** A name, where `measure_value::double` is one name of three tokens. */
function columnName(stream: TokenStream): Name {
  const name = stream.name();
  if (name.text.toLowerCase() !== 'measure_value' || !stream.acceptSymbol('::')) return name;
  return { text: `measure_value::${stream.name().text.toLowerCase()}`, at: name.at };
}

function parseCase(stream: TokenStream, parse: ParseExpression, at: Expression['at']): Expression {
  const subject = stream.isWord('when') ? undefined : parse(stream);
  const branches = [];
  while (stream.acceptWord('when')) {
    const when = parse(stream);
    stream.expectWord('then');
    branches.push({ when, then: parse(stream) });
  }
  if (branches.length === 0) stream.unexpected("'WHEN'");
  const otherwise = stream.acceptWord('else') ? parse(stream) : undefined;
  stream.expectWord('end');
  return { kind: 'case', subject, branches, otherwise, at };
}

function parseCast(stream: TokenStream, parse: ParseExpression): Expression {
  const { at, value } = stream.next();
  stream.expectSymbol('(');
  const operand = parse(stream);
  stream.expectWord('as');
  const type = parseType(stream);
  stream.expectSymbol(')');
  return { kind: 'cast', operand, type, isTry: value === 'try_cast', at };
}

function parseArray(stream: TokenStream, parse: ParseExpression): Expression {
  const { at } = stream.next();
  stream.expectSymbol('[');
  const items = stream.isSymbol(']') ? [] : stream.list(() => parse(stream));
  stream.expectSymbol(']');
  return { kind: 'array', items, at };
}
