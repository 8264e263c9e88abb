import type { Alias, JoinKind, Name, Relation } from './ast.ts';
import { parseExpression } from './expression-parser.ts';
import { sqlError } from './position.ts';
import type { TokenStream } from './token-stream.ts';

// Each of a chain is one level of nesting for the engine.
const MAX_RELATIONS = 150;

/** `"database"."table"` */
export function parsePath(stream: TokenStream): Name[] {
  const path = [stream.name()];
  while (stream.acceptSymbol('.')) path.push(stream.name());
  return path;
}

/** What stands after FROM. */
export function parseRelations(stream: TokenStream): Relation {
  let left = parseJoins(stream);
  for (let count = 1; stream.acceptSymbol(','); count += 1) {
    if (count > MAX_RELATIONS) throw sqlError(stream.at, 'The query has too many relations');
    left = { kind: 'join', join: 'cross', left, right: parseJoins(stream), on: undefined, using: [], at: left.at };
  }
  return left;
}

function parseJoins(stream: TokenStream): Relation {
  let left = parseRelation(stream);
  for (let count = 1; ; count += 1) {
    const join = parseJoinKind(stream);
    if (join === undefined) return left;
    if (count > MAX_RELATIONS) throw sqlError(stream.at, 'The query has too many relations');
    const right = parseRelation(stream);
    const using = join !== 'cross' && stream.acceptWord('using') ? parseColumnNames(stream) : [];
    if (join !== 'cross' && using.length === 0) stream.expectWord('on');
    const on = join === 'cross' || using.length > 0 ? undefined : parseExpression(stream);
    left = { kind: 'join', join, left, right, on, using, at: left.at };
  }
}

function parseJoinKind(stream: TokenStream): JoinKind | undefined {
  if (stream.acceptWord('cross', 'join')) return 'cross';
  if (stream.acceptWord('join') || stream.acceptWord('inner', 'join')) return 'inner';
  for (const kind of ['left', 'right', 'full'] as const) {
    if (stream.acceptWord(kind, 'join') || stream.acceptWord(kind, 'outer', 'join')) return kind;
  }
  return undefined;
}

function parseRelation(stream: TokenStream): Relation {
  const { at } = stream;
  if (stream.acceptWord('unnest')) {
    stream.expectSymbol('(');
    const arrays = stream.list(() => parseExpression(stream));
    stream.expectSymbol(')');
    return { kind: 'unnest', arrays, alias: parseAlias(stream), at };
  }
  if (stream.acceptSymbol('(')) {
    if (stream.isQuery() || isNestedQuery(stream)) {
      const query = stream.parseSubquery(stream);
      stream.expectSymbol(')');
      return { kind: 'derived', query, alias: parseAlias(stream), at };
    }
    const inner = stream.nested(() => parseRelations(stream));
    stream.expectSymbol(')');
    return inner;
  }
  return { kind: 'table', path: parsePath(stream), alias: parseAlias(stream), at };
}

/** Whether the parentheses that begin here hold a query rather than relations. */
function isNestedQuery(stream: TokenStream): boolean {
  let ahead = 0;
  while (stream.peek(ahead).value === '(' && stream.peek(ahead).kind === 'symbol') ahead += 1;
  const { kind, value } = stream.peek(ahead);
  return ahead > 0 && kind === 'word' && ['select', 'with', 'values'].includes(value);
}

function parseAlias(stream: TokenStream): Alias | undefined {
  if (!stream.acceptWord('as') && !stream.isName()) return undefined;
  return { name: stream.name(), columns: parseColumnNames(stream) };
}

/** `(a, b)`, or nothing. */
export function parseColumnNames(stream: TokenStream): Name[] {
  if (!stream.acceptSymbol('(')) return [];
  const names = stream.list(() => stream.name());
  stream.expectSymbol(')');
  return names;
}
