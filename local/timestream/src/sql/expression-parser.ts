import type { BinaryOperator, Expression, Name } from './ast.ts';
import { parseCall } from './call-parser.ts';
import { parseDuration } from './duration.ts';
import { parseInterval } from './interval.ts';
import { sqlError } from './position.ts';
import type { TokenStream } from './token-stream.ts';

const MAX_BIGINT = 9_223_372_036_854_775_807n;
const OR = 1;
const AND = 2;
const NOT = 3;
const COMPARE = 4;
const CONCAT = 5;
const UNARY = 8;
const SUBSCRIPT = 9;
const POWERS: Record<string, { power: number; operator: BinaryOperator }> = {
  '=': { power: COMPARE, operator: '=' },
  '<>': { power: COMPARE, operator: '<>' },
  '!=': { power: COMPARE, operator: '<>' },
  '<': { power: COMPARE, operator: '<' },
  '<=': { power: COMPARE, operator: '<=' },
  '>': { power: COMPARE, operator: '>' },
  '>=': { power: COMPARE, operator: '>=' },
  '||': { power: CONCAT, operator: '||' },
  '+': { power: 6, operator: '+' },
  '-': { power: 6, operator: '-' },
  '*': { power: 7, operator: '*' },
  '/': { power: 7, operator: '/' },
  '%': { power: 7, operator: '%' },
};
const TYPED_LITERALS = new Set(['timestamp', 'date', 'bigint', 'double']);

/** Pratt parser: reads an expression whose operators bind tighter than `minPower`. */
export function parseExpression(stream: TokenStream, minPower = 0): Expression {
  let left = stream.nested(() => parsePrefix(stream));
  for (;;) {
    const extended = parseInfix(stream, left, minPower);
    if (extended === undefined) return left;
    left = extended;
  }
}

function parseInfix(stream: TokenStream, left: Expression, minPower: number): Expression | undefined {
  const token = stream.peek();
  const { at } = left;
  if (token.kind === 'symbol') {
    if (token.value === '[' && SUBSCRIPT > minPower) {
      stream.next();
      const index = parseExpression(stream);
      stream.expectSymbol(']');
      return { kind: 'subscript', operand: left, index, at };
    }
    const found = POWERS[token.value];
    if (found === undefined || found.power <= minPower) return undefined;
    stream.next();
    return {
      kind: 'binary',
      operator: found.operator,
      left,
      right: parseExpression(stream, found.power),
      at: token.at,
    };
  }
  if (token.kind !== 'word') return undefined;
  if (token.value === 'or' && OR > minPower) {
    stream.next();
    return { kind: 'logical', operator: 'or', left, right: parseExpression(stream, OR), at };
  }
  if (token.value === 'and' && AND > minPower) {
    stream.next();
    return { kind: 'logical', operator: 'and', left, right: parseExpression(stream, AND), at };
  }
  return COMPARE > minPower ? parsePredicate(stream, left) : undefined;
}

function parsePredicate(stream: TokenStream, operand: Expression): Expression | undefined {
  const { at } = operand;
  if (stream.acceptWord('is')) {
    const negated = stream.acceptWord('not');
    stream.expectWord('null');
    return { kind: 'isNull', operand, negated, at };
  }
  const follows = stream.isWord('not') ? stream.peek(1) : stream.peek();
  if (follows.kind !== 'word' || !['between', 'in', 'like'].includes(follows.value)) return undefined;
  const negated = stream.acceptWord('not');
  stream.next();
  if (follows.value === 'between') {
    const low = parseExpression(stream, COMPARE);
    stream.expectWord('and');
    return { kind: 'between', operand, low, high: parseExpression(stream, COMPARE), negated, at };
  }
  if (follows.value === 'like') {
    const pattern = parseExpression(stream, COMPARE);
    const escape = stream.acceptWord('escape') ? parseExpression(stream, COMPARE) : undefined;
    return { kind: 'like', operand, pattern, escape, negated, at };
  }
  stream.expectSymbol('(');
  if (stream.isWord('select', 'with')) {
    const query = stream.parseSubquery(stream);
    stream.expectSymbol(')');
    return { kind: 'inQuery', operand, query, negated, at };
  }
  const list = stream.list(() => parseExpression(stream));
  stream.expectSymbol(')');
  return { kind: 'in', operand, list, negated, at };
}

function parsePrefix(stream: TokenStream): Expression {
  const token = stream.peek();
  const { at } = token;
  switch (token.kind) {
    case 'integer': {
      stream.next();
      const value = BigInt(token.value);
      if (value > MAX_BIGINT) throw sqlError(at, `Invalid numeric literal: ${token.text}`);
      return { kind: 'integer', value, at };
    }
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
      if (ns === undefined) throw sqlError(at, `Invalid duration: ${token.text}`);
      return { kind: 'duration', ns, at };
    }
    case 'symbol':
      return parseSymbolPrefix(stream);
    case 'word':
      return parseWordPrefix(stream);
    case 'quoted':
      return parseNamed(stream);
    case 'end':
      return stream.unexpected('<expression>');
  }
}

function parseSymbolPrefix(stream: TokenStream): Expression {
  const { at } = stream;
  if (stream.acceptSymbol('-')) return { kind: 'unary', operator: '-', operand: parseExpression(stream, UNARY), at };
  if (stream.acceptSymbol('+')) return { kind: 'unary', operator: '+', operand: parseExpression(stream, UNARY), at };
  if (!stream.acceptSymbol('(')) return stream.unexpected('<expression>');
  if (stream.isWord('select', 'with')) {
    const query = stream.parseSubquery(stream);
    stream.expectSymbol(')');
    return { kind: 'subquery', query, at };
  }
  const inner = parseExpression(stream);
  stream.expectSymbol(')');
  return inner;
}

function parseWordPrefix(stream: TokenStream): Expression {
  const { at } = stream;
  if (stream.acceptWord('null')) return { kind: 'null', at };
  if (stream.acceptWord('true')) return { kind: 'boolean', value: true, at };
  if (stream.acceptWord('false')) return { kind: 'boolean', value: false, at };
  if (stream.acceptWord('not')) return { kind: 'not', operand: parseExpression(stream, NOT), at };
  if (stream.acceptWord('case')) return parseCase(stream, at);
  if (stream.isWord('cast', 'try_cast') && stream.peek(1).value === '(') return parseCast(stream);
  if (stream.acceptWord('exists')) {
    stream.expectSymbol('(');
    const query = stream.parseSubquery(stream);
    stream.expectSymbol(')');
    return { kind: 'exists', query, at };
  }
  const follows = stream.peek(1);
  if (stream.isWord('interval') && (follows.kind === 'string' || follows.value === '-')) return parseInterval(stream);
  if (stream.isWord('array') && follows.kind === 'symbol' && follows.value === '[') return parseArray(stream);
  if (follows.kind === 'string' && TYPED_LITERALS.has(stream.peek().value)) {
    const type = stream.next().value;
    return { kind: 'typed', type, value: stream.next().value, at };
  }
  if (follows.kind === 'symbol' && follows.value === '(' && stream.isName()) {
    return { kind: 'call', call: parseCall(stream, parseExpression), at };
  }
  if (stream.isWord('current_timestamp', 'current_date')) {
    const name = stream.next().value;
    return {
      kind: 'call',
      call: { name, at, args: [], star: false, distinct: false, filter: undefined, over: undefined },
      at,
    };
  }
  return parseNamed(stream);
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

function parseCase(stream: TokenStream, at: Expression['at']): Expression {
  const subject = stream.isWord('when') ? undefined : parseExpression(stream);
  const branches = [];
  while (stream.acceptWord('when')) {
    const when = parseExpression(stream);
    stream.expectWord('then');
    branches.push({ when, then: parseExpression(stream) });
  }
  if (branches.length === 0) stream.unexpected("'WHEN'");
  const otherwise = stream.acceptWord('else') ? parseExpression(stream) : undefined;
  stream.expectWord('end');
  return { kind: 'case', subject, branches, otherwise, at };
}

function parseCast(stream: TokenStream): Expression {
  const { at, value } = stream.next();
  stream.expectSymbol('(');
  const operand = parseExpression(stream);
  stream.expectWord('as');
  const type = stream.name().text.toLowerCase();
  stream.expectSymbol(')');
  return { kind: 'cast', operand, type, isTry: value === 'try_cast', at };
}

function parseArray(stream: TokenStream): Expression {
  const { at } = stream.next();
  stream.expectSymbol('[');
  const items = stream.isSymbol(']') ? [] : stream.list(() => parseExpression(stream));
  stream.expectSymbol(']');
  return { kind: 'array', items, at };
}
