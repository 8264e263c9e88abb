import type { BinaryOperator, Expression } from './ast.ts';
import { sqlError } from './position.ts';
import { parsePrimary } from './primary-parser.ts';
import type { TokenStream } from './token-stream.ts';

const OR = 1;
const AND = 2;
const COMPARE = 4;
const CONCAT = 5;
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
// The engine bounds how deep an expression may be; a chain of operators is as deep as it is long.
const MAX_CHAIN = 200;

/** Pratt parser: reads an expression whose operators bind tighter than `minPower`. */
export function parseExpression(stream: TokenStream, minPower = 0): Expression {
  let left = stream.nested(() => parsePrimary(stream, parseExpression));
  for (let length = 0; ; length += 1) {
    if (length > MAX_CHAIN) throw sqlError(stream.at, 'The expression has too many operators in a row');
    const extended = parseInfix(stream, left, minPower);
    if (extended === undefined) return left;
    left = extended;
  }
}

function parseInfix(stream: TokenStream, left: Expression, minPower: number): Expression | undefined {
  const token = stream.peek();
  if (token.kind === 'symbol') return parseSymbolInfix(stream, left, minPower);
  if (token.kind !== 'word') return undefined;
  if (token.value === 'or' && OR > minPower) return parseLogical(stream, left, 'or', OR);
  if (token.value === 'and' && AND > minPower) return parseLogical(stream, left, 'and', AND);
  return COMPARE > minPower ? parsePredicate(stream, left) : undefined;
}

/** A chain of one operator is one list of terms, however long. */
function parseLogical(stream: TokenStream, left: Expression, operator: 'or' | 'and', power: number): Expression {
  const terms = [left];
  while (stream.acceptWord(operator)) terms.push(parseExpression(stream, power));
  return { kind: 'logical', operator, terms, at: left.at };
}

function parseSymbolInfix(stream: TokenStream, left: Expression, minPower: number): Expression | undefined {
  const { value, at } = stream.peek();
  if (SUBSCRIPT > minPower && stream.acceptSymbol('[')) {
    const index = parseExpression(stream);
    stream.expectSymbol(']');
    return { kind: 'subscript', operand: left, index, at: left.at };
  }
  if (SUBSCRIPT > minPower && stream.acceptSymbol('.'))
    return { kind: 'field', operand: left, name: stream.name(), at: left.at };
  const found = POWERS[value];
  if (found === undefined || found.power <= minPower) return undefined;
  stream.next();
  const { operator, power } = found;
  const quantifier = power === COMPARE ? parseQuantifier(stream) : undefined;
  if (quantifier === undefined) {
    return { kind: 'binary', operator, left, right: parseExpression(stream, power), at };
  }
  stream.expectSymbol('(');
  const query = stream.parseSubquery(stream);
  stream.expectSymbol(')');
  return { kind: 'quantified', operator, quantifier, operand: left, query, at };
}

function parseQuantifier(stream: TokenStream): 'all' | 'any' | undefined {
  if (!stream.isWord('all', 'any', 'some') || stream.peek(1).value !== '(') return undefined;
  return stream.next().value === 'all' ? 'all' : 'any';
}

function parsePredicate(stream: TokenStream, operand: Expression): Expression | undefined {
  const { at } = operand;
  if (stream.acceptWord('is')) {
    const negated = stream.acceptWord('not');
    if (stream.acceptWord('distinct', 'from')) {
      return { kind: 'distinctFrom', left: operand, right: parseExpression(stream, COMPARE), negated, at };
    }
    if (!stream.acceptWord('null')) stream.unexpected("'DISTINCT', 'NULL'");
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
  if (stream.isQuery()) {
    const query = stream.parseSubquery(stream);
    stream.expectSymbol(')');
    return { kind: 'inQuery', operand, query, negated, at };
  }
  const list = stream.list(() => parseExpression(stream));
  stream.expectSymbol(')');
  return { kind: 'in', operand, list, negated, at };
}
