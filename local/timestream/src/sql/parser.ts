import type {
  Alias,
  CommonTable,
  Expression,
  JoinKind,
  Name,
  Query,
  QueryBody,
  Relation,
  Select,
  SelectItem,
  Statement,
} from './ast.ts';
import { parseSortItems } from './call-parser.ts';
import { parseExpression } from './expression-parser.ts';
import { TokenStream } from './token-stream.ts';

/** Parses one statement of the query language. */
export function parseStatement(text: string): Statement {
  const stream = new TokenStream(text, parseQuery);
  const statement = parseStatementFrom(stream);
  stream.acceptSymbol(';');
  if (stream.peek().kind !== 'end') stream.unexpected('<EOF>');
  return statement;
}

function parseStatementFrom(stream: TokenStream): Statement {
  if (stream.acceptWord('show', 'databases')) return { kind: 'showDatabases', like: parseShowLike(stream) };
  if (stream.acceptWord('show', 'tables')) {
    const database = stream.acceptWord('from') || stream.acceptWord('in') ? stream.name() : undefined;
    return { kind: 'showTables', database, like: parseShowLike(stream) };
  }
  if (stream.acceptWord('show', 'measures')) {
    if (!stream.acceptWord('in')) stream.expectWord('from');
    return { kind: 'showMeasures', path: parsePath(stream), like: parseShowLike(stream) };
  }
  if (stream.acceptWord('describe') || stream.acceptWord('desc')) return { kind: 'describe', path: parsePath(stream) };
  if (!stream.isWord('select', 'with', 'values') && !stream.isSymbol('(')) {
    return stream.unexpected("'(', 'DESC', 'DESCRIBE', 'SELECT', 'SHOW', 'VALUES', 'WITH'");
  }
  return { kind: 'query', query: parseQuery(stream) };
}

const parseShowLike = (stream: TokenStream): string | undefined =>
  stream.acceptWord('like') ? stream.string() : undefined;

function parsePath(stream: TokenStream): Name[] {
  const path = [stream.name()];
  while (stream.acceptSymbol('.')) path.push(stream.name());
  return path;
}

function parseQuery(stream: TokenStream): Query {
  const { at } = stream;
  const commonTables = stream.acceptWord('with') ? stream.list(() => parseCommonTable(stream)) : [];
  const body = parseBody(stream);
  const orderBy = stream.acceptWord('order', 'by') ? parseSortItems(stream, parseExpression) : [];
  const limit = stream.acceptWord('limit') && !stream.acceptWord('all') ? stream.integer() : undefined;
  return { at, with: commonTables, body, orderBy, limit };
}

function parseCommonTable(stream: TokenStream): CommonTable {
  const name = stream.name();
  const columns = parseColumnNames(stream);
  stream.expectWord('as');
  stream.expectSymbol('(');
  const query = parseQuery(stream);
  stream.expectSymbol(')');
  return { name, columns, query };
}

function parseBody(stream: TokenStream): QueryBody {
  let left = parseIntersection(stream);
  for (;;) {
    const { at } = stream;
    const operator = stream.acceptWord('union') ? 'union' : stream.acceptWord('except') ? 'except' : undefined;
    if (operator === undefined) return left;
    const all = parseSetQuantifier(stream);
    left = { kind: 'set', at, operator, all, left, right: parseIntersection(stream) };
  }
}

function parseIntersection(stream: TokenStream): QueryBody {
  let left = parsePrimaryBody(stream);
  for (;;) {
    const { at } = stream;
    if (!stream.acceptWord('intersect')) return left;
    const all = parseSetQuantifier(stream);
    left = { kind: 'set', at, operator: 'intersect', all, left, right: parsePrimaryBody(stream) };
  }
}

function parseSetQuantifier(stream: TokenStream): boolean {
  if (stream.acceptWord('all')) return true;
  stream.acceptWord('distinct');
  return false;
}

function parsePrimaryBody(stream: TokenStream): QueryBody {
  const { at } = stream;
  if (stream.acceptSymbol('(')) {
    const query = stream.nested(() => parseQuery(stream));
    stream.expectSymbol(')');
    return { kind: 'nested', at, query };
  }
  if (stream.acceptWord('values')) {
    const rows = stream.list(() => {
      if (!stream.acceptSymbol('(')) return [parseExpression(stream)];
      const row = stream.list(() => parseExpression(stream));
      stream.expectSymbol(')');
      return row;
    });
    return { kind: 'values', at, rows };
  }
  return parseSelect(stream);
}

function parseSelect(stream: TokenStream): Select {
  const { at } = stream;
  stream.expectWord('select');
  const distinct = stream.acceptWord('distinct');
  if (!distinct) stream.acceptWord('all');
  const items = stream.list(() => parseSelectItem(stream));
  const from = stream.acceptWord('from') ? parseRelations(stream) : undefined;
  const where = stream.acceptWord('where') ? parseExpression(stream) : undefined;
  const groupBy = stream.acceptWord('group', 'by') ? stream.list(() => parseExpression(stream)) : [];
  const having: Expression | undefined = stream.acceptWord('having') ? parseExpression(stream) : undefined;
  return { kind: 'select', at, distinct, items, from, where, groupBy, having };
}

function parseSelectItem(stream: TokenStream): SelectItem {
  const { at } = stream;
  if (stream.acceptSymbol('*')) return { kind: 'star', at, qualifier: undefined };
  if (
    stream.isName() &&
    stream.peek(1).value === '.' &&
    stream.peek(2).kind === 'symbol' &&
    stream.peek(2).value === '*'
  ) {
    const qualifier = stream.name();
    stream.expectSymbol('.');
    stream.expectSymbol('*');
    return { kind: 'star', at, qualifier };
  }
  const expression = parseExpression(stream);
  const alias = stream.acceptWord('as') || stream.isName() ? stream.name() : undefined;
  return { kind: 'expression', expression, alias };
}

function parseRelations(stream: TokenStream): Relation {
  let left = parseJoins(stream);
  while (stream.acceptSymbol(',')) {
    left = { kind: 'join', join: 'cross', left, right: parseJoins(stream), on: undefined, at: left.at };
  }
  return left;
}

function parseJoins(stream: TokenStream): Relation {
  let left = parseRelation(stream);
  for (;;) {
    const join = parseJoinKind(stream);
    if (join === undefined) return left;
    const right = parseRelation(stream);
    if (join !== 'cross') stream.expectWord('on');
    const on = join === 'cross' ? undefined : parseExpression(stream);
    left = { kind: 'join', join, left, right, on, at: left.at };
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
    if (stream.isWord('select', 'with', 'values') || stream.isSymbol('(')) {
      const query = stream.nested(() => parseQuery(stream));
      stream.expectSymbol(')');
      return { kind: 'derived', query, alias: parseAlias(stream), at };
    }
    const inner = stream.nested(() => parseRelations(stream));
    stream.expectSymbol(')');
    return inner;
  }
  return { kind: 'table', path: parsePath(stream), alias: parseAlias(stream), at };
}

function parseAlias(stream: TokenStream): Alias | undefined {
  if (!stream.acceptWord('as') && !stream.isName()) return undefined;
  return { name: stream.name(), columns: parseColumnNames(stream) };
}

function parseColumnNames(stream: TokenStream): Name[] {
  if (!stream.acceptSymbol('(')) return [];
  const names = stream.list(() => stream.name());
  stream.expectSymbol(')');
  return names;
}
