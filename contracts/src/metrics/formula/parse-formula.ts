import { STATS } from '../../query.ts';
import type { MetricFilter, MetricQueryOptions } from '../../schemas/index.ts';
import { SERVICE_LEVEL_FORMULAS } from '../definition.ts';
import type { ServiceLevelFormula } from '../definition.ts';
import { FormulaError } from './formula-error.ts';
import type { FormulaSpan } from './formula-error.ts';
import { readWords } from './formula-lexer.ts';
import type { FormulaToken } from './formula-lexer.ts';
import { lookUpName, nearestName } from './formula-names.ts';
import type { Formula, FormulaFunction, FormulaLeaf, FormulaNode } from './formula.ts';

const FUNCTIONS: Readonly<Record<FormulaFunction, { readonly least: number; readonly most: number }>> = {
  min: { least: 2, most: 10 },
  max: { least: 2, most: 10 },
  abs: { least: 1, most: 1 },
  coalesce: { least: 2, most: 10 },
};
const MAX_DEPTH = 40;
const MAX_LEAVES = 20;
const MAX_VALUES = 100;
const MAX_VALUE_LENGTH = 256;

/**
 * Reads a formula over parts and metrics:
 *
 *     answered / (answered + abandoned) * 100
 *     sum(queue.visit.abandoned where queue_id in ('q1', 'q2')) / visits
 *     queue_service_level(threshold = 30s) - queue_service_level
 *     calls / (elapsed / 1h)
 *
 * @throws {FormulaError} that says where, for text that is none.
 */
export function parseFormula(text: string): Formula {
  return new Parser(text).formula();
}

class Parser {
  readonly #text: string;
  readonly #tokens: readonly FormulaToken[];
  readonly #leaves = new Map<string, FormulaLeaf>();
  #next = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
    this.#tokens = readWords(text);
  }

  formula(): Formula {
    const root = this.#sum();
    const { kind, text, at } = this.#peek();
    if (kind !== 'end') this.#fail(`Here "${text}" does not fit; expected an operator or the end.`, at);
    return { text: this.#text, root, leaves: [...this.#leaves.values()] };
  }

  #sum(): FormulaNode {
    this.#depth += 1;
    if (this.#depth > MAX_DEPTH) this.#fail('The formula is nested too deeply.', this.#peek().at);
    let left = this.#product();
    for (let op = this.#operator('+', '-'); op !== undefined; op = this.#operator('+', '-')) {
      left = binary(op, left, this.#product());
    }
    this.#depth -= 1;
    return left;
  }

  #product(): FormulaNode {
    let left = this.#unary();
    for (let op = this.#operator('*', '/'); op !== undefined; op = this.#operator('*', '/')) {
      left = binary(op, left, this.#unary());
    }
    return left;
  }

  #unary(): FormulaNode {
    const { at } = this.#peek();
    if (!this.#takes('-')) return this.#primary();
    // Signs nest like brackets do.
    this.#depth += 1;
    if (this.#depth > MAX_DEPTH) this.#fail('The formula is nested too deeply.', at);
    const of = this.#unary();
    this.#depth -= 1;
    return { kind: 'negate', of, at: { start: at.start, end: of.at.end } };
  }

  #primary(): FormulaNode {
    const token = this.#take();
    switch (token.kind) {
      case 'number':
        return { kind: 'number', value: token.value, at: token.at };
      case 'duration':
        return { kind: 'duration', ms: token.value, at: token.at };
      case 'name':
        return this.#named(token);
      case 'symbol':
        if (token.text === '(') return this.#inBrackets(() => this.#sum());
        break;
      case 'text':
      case 'end':
    }
    return this.#fail(`Expected a number, a part or a metric, found ${quoted(token)}.`, token.at);
  }

  #named(name: FormulaToken): FormulaNode {
    if (name.text === 'elapsed') return { kind: 'elapsed', at: name.at };
    if (name.text === 'sum') {
      this.#expect('(');
      return this.#inBrackets(() => this.#operand(this.#name('a part'), true));
    }
    if (isFunction(name.text)) return this.#call(name.text, name.at);
    return this.#operand(name, false);
  }

  #call(name: FormulaFunction, at: FormulaSpan): FormulaNode {
    this.#expect('(');
    const args = [this.#sum()];
    while (this.#takes(',')) args.push(this.#sum());
    const end = this.#expect(')').at.end;
    const { least, most } = FUNCTIONS[name];
    if (args.length < least || args.length > most) {
      const wanted = least === most ? String(least) : `${String(least)} to ${String(most)}`;
      this.#fail(`${name} takes ${wanted === '1' ? '1 value' : `${wanted} values`}.`, { start: at.start, end });
    }
    return { kind: 'call', name, args, at: { start: at.start, end } };
  }

  #operand(name: FormulaToken, isSum: boolean): FormulaNode {
    const target = lookUpName(name.text);
    if (target === undefined) {
      const near = nearestName(name.text);
      const hint = near === undefined ? 'use a part such as visit.answered or a metric' : `did you mean ${near}?`;
      return this.#fail(`There is no "${name.text}"; ${hint}`, name.at);
    }
    if (isSum && target.kind === 'metric') this.#fail('Only parts can be summed; leave out sum().', name.at);
    const isAsked = target.kind === 'metric' && this.#takes('(');
    const options = isAsked ? this.#options() : {};
    const filters = this.#takesName('where') ? this.#filters() : [];
    const leaf: FormulaLeaf = { target, options, filters };
    const key = JSON.stringify(leaf);
    this.#leaves.set(key, leaf);
    if (this.#leaves.size > MAX_LEAVES) {
      this.#fail(`A formula reads at most ${String(MAX_LEAVES)} different parts and metrics.`, name.at);
    }
    const end = this.#tokens[this.#next - 1]?.at.end ?? name.at.end;
    return { kind: 'leaf', leaf: [...this.#leaves.keys()].indexOf(key), at: { start: name.at.start, end } };
  }

  #options(): MetricQueryOptions {
    const options: MetricQueryOptions = {};
    do {
      const name = this.#name('an option');
      this.#expect('=');
      this.#option(name, options);
    } while (this.#takes(','));
    this.#expect(')');
    return options;
  }

  #option(name: FormulaToken, options: MetricQueryOptions): void {
    const value = this.#take();
    const seconds = value.kind === 'duration' && value.value <= 86_400_000 ? value.value / 1_000 : undefined;
    const stat = STATS.find((known) => known === value.text);
    if (name.text === 'stat' && stat !== undefined) options.stat = stat;
    else if (name.text === 'formula' && isServiceLevel(value.text)) options.formula = value.text;
    else if (name.text === 'threshold' && seconds !== undefined) options.thresholdS = seconds;
    else if (name.text === 'short' && seconds !== undefined) options.shortAbandonS = seconds;
    else {
      this.#fail(
        `Options are stat = now, formula = SL1, threshold = 20s and short = 5s; "${name.text} = ${value.text}" is none.`,
        { start: name.at.start, end: value.at.end },
      );
    }
  }

  #filters(): MetricFilter[] {
    const filters = [this.#filter()];
    while (this.#takesName('and')) filters.push(this.#filter());
    return filters;
  }

  #filter(): MetricFilter {
    const dim = this.#name('a dimension');
    if (this.#takes('=')) return { dim: dim.text, op: 'eq', values: [this.#value()] };
    if (this.#takes('!=')) return { dim: dim.text, op: 'ne', values: [this.#value()] };
    const isNegated = this.#takesName('not');
    const word = this.#take();
    if (word.text !== 'in') this.#fail(`Expected =, !=, in or not in, found ${quoted(word)}.`, word.at);
    this.#expect('(');
    const values = [this.#value()];
    while (this.#takes(',')) values.push(this.#value());
    const { at } = this.#expect(')');
    if (values.length > MAX_VALUES) this.#fail(`A list has at most ${String(MAX_VALUES)} values.`, at);
    return { dim: dim.text, op: isNegated ? 'ne' : 'in', values };
  }

  #value(): string {
    const token = this.#take();
    if (token.kind !== 'text' || token.text === '' || token.text.length > MAX_VALUE_LENGTH) {
      this.#fail(`Expected a text in quotes like 'q1', found ${quoted(token)}.`, token.at);
    }
    return token.text;
  }

  #inBrackets(inner: () => FormulaNode): FormulaNode {
    const node = inner();
    this.#expect(')');
    return node;
  }

  #name(what: string): FormulaToken {
    const token = this.#take();
    return token.kind === 'name' ? token : this.#fail(`Expected ${what}, found ${quoted(token)}.`, token.at);
  }

  #operator<Op extends '+' | '-' | '*' | '/'>(...ops: readonly Op[]): Op | undefined {
    const { kind, text } = this.#peek();
    const op = kind === 'symbol' ? ops.find((known) => known === text) : undefined;
    if (op !== undefined) this.#next += 1;
    return op;
  }

  #takes(symbol: string): boolean {
    const isIt = this.#peek().kind === 'symbol' && this.#peek().text === symbol;
    if (isIt) this.#next += 1;
    return isIt;
  }

  #takesName(name: string): boolean {
    const isIt = this.#peek().kind === 'name' && this.#peek().text === name;
    if (isIt) this.#next += 1;
    return isIt;
  }

  #expect(symbol: string): FormulaToken {
    const token = this.#take();
    if (token.kind === 'symbol' && token.text === symbol) return token;
    return this.#fail(`Expected "${symbol}", found ${quoted(token)}.`, token.at);
  }

  #peek(): FormulaToken {
    return this.#tokens[this.#next] ?? { kind: 'end', text: 'the end', at: { start: 0, end: 0 } };
  }

  #take(): FormulaToken {
    const token = this.#peek();
    if (token.kind !== 'end') this.#next += 1;
    return token;
  }

  #fail(message: string, at: FormulaSpan): never {
    throw new FormulaError(message, this.#text, at);
  }
}

const quoted = ({ kind, text }: FormulaToken): string => (kind === 'end' ? text : `"${text}"`);

function binary(op: '+' | '-' | '*' | '/', left: FormulaNode, right: FormulaNode): FormulaNode {
  return { kind: 'binary', op, left, right, at: { start: left.at.start, end: right.at.end } };
}

function isFunction(name: string): name is FormulaFunction {
  return Object.hasOwn(FUNCTIONS, name);
}

function isServiceLevel(name: string): name is ServiceLevelFormula {
  return Object.hasOwn(SERVICE_LEVEL_FORMULAS, name);
}
