import type { Call, Expression, FrameBound, SortItem, WindowFrame, WindowSpec } from './ast.ts';
import type { TokenStream } from './token-stream.ts';

/** The parser of expressions, for those that an expression is made of. */
export type ParseExpression = (stream: TokenStream, minPower?: number) => Expression;
// Binds tighter than comparison, so that the AND of a frame ends the bound.
const BOUND_POWER = 4;

/** `name([DISTINCT] args [ORDER BY …]) [FILTER (WHERE …)] [IGNORE NULLS] [OVER (…)]` */
export function parseCall(stream: TokenStream, parseExpression: ParseExpression): Call {
  const { text, at } = stream.name();
  stream.expectSymbol('(');
  const star = stream.acceptSymbol('*');
  const distinct = !star && stream.acceptWord('distinct');
  const args = star || stream.isSymbol(')') ? [] : stream.list(() => parseExpression(stream));
  const orderBy = !star && stream.acceptWord('order', 'by') ? parseSortItems(stream, parseExpression) : [];
  stream.expectSymbol(')');
  let filter: Expression | undefined;
  if (stream.isWord('filter') && stream.peek(1).value === '(') {
    stream.next();
    stream.expectSymbol('(');
    stream.expectWord('where');
    filter = parseExpression(stream);
    stream.expectSymbol(')');
  }
  const ignoreNulls = stream.acceptWord('ignore', 'nulls') || (stream.acceptWord('respect', 'nulls') && false);
  const over = stream.acceptWord('over') ? parseWindow(stream, parseExpression) : undefined;
  return { name: text.toLowerCase(), at, args, star, distinct, orderBy, filter, ignoreNulls, over };
}

const specialCall = (name: string, at: Call['at'], args: readonly Expression[]): Call => ({
  name,
  at,
  args,
  star: false,
  distinct: false,
  orderBy: [],
  filter: undefined,
  ignoreNulls: false,
  over: undefined,
});

/** `position(part IN text)` */
export function parsePosition(stream: TokenStream, parseExpression: ParseExpression): Call {
  const { value, at } = stream.next();
  stream.expectSymbol('(');
  const part = parseExpression(stream, BOUND_POWER);
  stream.expectWord('in');
  const text = parseExpression(stream, BOUND_POWER);
  stream.expectSymbol(')');
  return specialCall(value, at, [part, text]);
}

/** `extract(field FROM time)`; the field becomes a string literal. */
export function parseExtract(stream: TokenStream, parseExpression: ParseExpression): Call {
  const { value, at } = stream.next();
  stream.expectSymbol('(');
  const field = stream.name();
  stream.expectWord('from');
  const time = parseExpression(stream);
  stream.expectSymbol(')');
  return specialCall(value, at, [{ kind: 'string', value: field.text.toLowerCase(), at: field.at }, time]);
}

/** A call of a name without parentheses. */
export const wordCall = (name: string, at: Call['at']): Call => specialCall(name, at, []);

/** ORDER BY items. */
export function parseSortItems(stream: TokenStream, parseExpression: ParseExpression): SortItem[] {
  return stream.list(() => {
    const expression = parseExpression(stream);
    const descending = stream.acceptWord('desc') || (stream.acceptWord('asc') && false);
    if (!stream.acceptWord('nulls')) return { expression, descending, nulls: undefined };
    if (stream.acceptWord('first')) return { expression, descending, nulls: 'first' };
    stream.expectWord('last');
    return { expression, descending, nulls: 'last' };
  });
}

function parseWindow(stream: TokenStream, parseExpression: ParseExpression): WindowSpec {
  stream.expectSymbol('(');
  const partitionBy = stream.acceptWord('partition', 'by') ? stream.list(() => parseExpression(stream)) : [];
  const orderBy = stream.acceptWord('order', 'by') ? parseSortItems(stream, parseExpression) : [];
  const frame = stream.isWord('rows', 'range') ? parseFrame(stream, parseExpression) : undefined;
  stream.expectSymbol(')');
  return { partitionBy, orderBy, frame };
}

function parseFrame(stream: TokenStream, parseExpression: ParseExpression): WindowFrame {
  const unit = stream.next().value === 'rows' ? 'rows' : 'range';
  if (!stream.acceptWord('between')) {
    return {
      unit,
      start: parseBound(stream, parseExpression),
      end: { kind: 'current', direction: 'following', offset: undefined },
    };
  }
  const start = parseBound(stream, parseExpression);
  stream.expectWord('and');
  return { unit, start, end: parseBound(stream, parseExpression) };
}

function parseBound(stream: TokenStream, parseExpression: ParseExpression): FrameBound {
  if (stream.acceptWord('current', 'row')) return { kind: 'current', direction: 'preceding', offset: undefined };
  const offset = stream.acceptWord('unbounded') ? undefined : parseExpression(stream, BOUND_POWER);
  const kind = offset === undefined ? 'unbounded' : 'offset';
  if (stream.acceptWord('preceding')) return { kind, direction: 'preceding', offset };
  stream.expectWord('following');
  return { kind, direction: 'following', offset };
}
