import type {
  CommonTable,
  Expression,
  GroupBy,
  GroupingElement,
  Query,
  QueryBody,
  Select,
  SelectItem,
  Statement,
} from './ast.ts';
import { parseSortItems } from './call-parser.ts';
import { parseExpression } from './expression-parser.ts';
import { sqlError } from './position.ts';
import { parseColumnNames, parsePath, parseRelations } from './relation-parser.ts';
import { TokenStream } from './token-stream.ts';

// Each of a chain is one level of nesting for the engine.
const MAX_SET_OPERATIONS = 150;

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

function parseQuery(stream: TokenStream): Query {
  return stream.nested(() => parseQueryHere(stream));
}

function parseQueryHere(stream: TokenStream): Query {
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
  for (let count = 1; ; count += 1) {
    const { at } = stream;
    if (count > MAX_SET_OPERATIONS) throw sqlError(at, 'The query has too many set operations');
    const operator = stream.acceptWord('union') ? 'union' : stream.acceptWord('except') ? 'except' : undefined;
    if (operator === undefined) return left;
    const all = parseSetQuantifier(stream);
    left = { kind: 'set', at, operator, all, left, right: parseIntersection(stream) };
  }
}

function parseIntersection(stream: TokenStream): QueryBody {
  let left = parsePrimaryBody(stream);
  for (let count = 1; ; count += 1) {
    const { at } = stream;
    if (count > MAX_SET_OPERATIONS) throw sqlError(at, 'The query has too many set operations');
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
    const query = parseQuery(stream);
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
  const groupBy = stream.acceptWord('group', 'by') ? parseGroupBy(stream) : undefined;
  const having: Expression | undefined = stream.acceptWord('having') ? parseExpression(stream) : undefined;
  return { kind: 'select', at, distinct, items, from, where, groupBy, having };
}

function parseGroupBy(stream: TokenStream): GroupBy {
  const distinct = stream.acceptWord('distinct');
  if (!distinct) stream.acceptWord('all');
  return { distinct, elements: stream.list(() => parseGroupingElement(stream)) };
}

function parseGroupingElement(stream: TokenStream): GroupingElement {
  if (stream.acceptWord('grouping', 'sets')) return { kind: 'sets', sets: parseGroupingSets(stream) };
  for (const kind of ['rollup', 'cube'] as const) {
    if (stream.isWord(kind) && stream.peek(1).value === '(') {
      stream.next();
      return { kind, sets: parseGroupingSets(stream) };
    }
  }
  return { kind: 'plain', sets: [parseGroupingSet(stream)] };
}

function parseGroupingSets(stream: TokenStream): Expression[][] {
  stream.expectSymbol('(');
  const sets = stream.list(() => parseGroupingSet(stream));
  stream.expectSymbol(')');
  return sets;
}

/** `a`, `(a, b)` or `()` */
function parseGroupingSet(stream: TokenStream): Expression[] {
  if (stream.isSymbol('(') && stream.peek(1).value === ')') {
    stream.next();
    stream.next();
    return [];
  }
  const set = parseExpression(stream);
  return set.kind === 'row' ? [...set.items] : [set];
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
