import { hasDimension } from '../../fact-dimensions.ts';
import { metricDefinition } from '../catalogue.ts';
import type { MetricUnit } from '../definition.ts';
import { partDefinition } from '../parts.ts';
import { FormulaError } from './formula-error.ts';
import type { CheckedFormula, Formula, FormulaLeaf, FormulaNode, FormulaType } from './formula.ts';
import { parseFormula } from './parse-formula.ts';

/** A plain number takes the type of what it stands beside. */
type Type = FormulaType | 'number';

const TYPE_OF_UNIT: Readonly<Record<MetricUnit, FormulaType>> = { count: 'count', s: 'ms', ms: 'ms', '%': 'ratio' };
const UNITS: Readonly<Record<FormulaType, readonly MetricUnit[]>> = {
  count: ['count'],
  ms: ['s', 'ms'],
  ratio: ['%', 'count'],
};
const WORDS: Readonly<Record<Type, string>> = { count: 'a count', ms: 'a time', ratio: 'a ratio', number: 'a number' };

/**
 * Reads a formula and finds out what it is: counts and times do not mix, a quotient of like things is a ratio, a time per
 * count a time. The unit must fit: count, s or ms, `%` for ratios (times 100 is the author's business).
 * @throws {FormulaError} that says where, for a formula that means nothing.
 */
export function checkFormula(text: string, unit: MetricUnit): CheckedFormula {
  const formula = parseFormula(text);
  const type = typeOf(formula.root, formula);
  const whole = { start: 0, end: text.length };
  if (type === 'number' || formula.leaves.length === 0) {
    throw new FormulaError('The formula reads nothing; name a part or a metric.', text, whole);
  }
  if (!UNITS[type].includes(unit)) {
    const wanted = UNITS[type].join(' or ');
    throw new FormulaError(`The formula gives ${WORDS[type]}, so its unit is ${wanted}, not ${unit}.`, text, whole);
  }
  return { ...formula, type, unit };
}

/** What the value of a leaf is. */
export function leafType({ target }: FormulaLeaf): FormulaType {
  if (target.kind === 'metric') return TYPE_OF_UNIT[metricDefinition(target.id).unit];
  const { column, state } = partDefinition(target.id);
  return state !== undefined || column.endsWith('_ms') || target.id.endsWith('_ms') ? 'ms' : 'count';
}

function typeOf(node: FormulaNode, formula: Formula): Type {
  switch (node.kind) {
    case 'number':
      return 'number';
    case 'duration':
    case 'elapsed':
      return 'ms';
    case 'leaf':
      return typeOfLeaf(node, formula);
    case 'negate':
      return typeOf(node.of, formula);
    case 'call':
      return node.args
        .map((arg) => typeOf(arg, formula))
        .reduce((left, right) => likeTypes(left, right, node, formula, `compare`));
    case 'binary':
      return typeOfBinary(node, formula);
  }
}

function typeOfLeaf(node: Extract<FormulaNode, { kind: 'leaf' }>, formula: Formula): Type {
  const leaf = formula.leaves[node.leaf];
  if (leaf === undefined) throw new TypeError('A formula names only leaves that it has.');
  for (const { dim } of leaf.filters) {
    if (knowsDimension(leaf, dim)) continue;
    throw new FormulaError(`${leaf.target.id} cannot be filtered by "${dim}".`, formula.text, node.at);
  }
  return leafType(leaf);
}

function knowsDimension({ target }: FormulaLeaf, dim: string): boolean {
  return target.kind === 'metric'
    ? metricDefinition(target.id).dimensions.includes(dim)
    : hasDimension(partDefinition(target.id).fact, dim);
}

function typeOfBinary(node: Extract<FormulaNode, { kind: 'binary' }>, formula: Formula): Type {
  const [left, right] = [typeOf(node.left, formula), typeOf(node.right, formula)];
  const refuse = (why: string): never => {
    throw new FormulaError(why, formula.text, node.at);
  };
  if (node.op === '+') return likeTypes(left, right, node, formula, 'add');
  if (node.op === '-') return likeTypes(left, right, node, formula, 'subtract');
  if (right === 'number' || right === 'ratio') return left === 'number' ? right : left;
  if (node.op === '*') {
    if (left === 'number' || left === 'ratio') return right;
    if (left !== right) return 'ms';
    return refuse(`${WORDS[left]} times ${WORDS[right]} is neither; divide one by something like it first.`);
  }
  if (left === right) return 'ratio';
  if (left === 'ms') return 'ms';
  if (right === 'count') return 'ratio';
  return refuse(`${WORDS[left]} per time has no unit; write for example calls / (elapsed / 1h).`);
}

function likeTypes(left: Type, right: Type, node: FormulaNode, formula: Formula, verb: string): Type {
  if (left === right || right === 'number') return left;
  if (left === 'number') return right;
  throw new FormulaError(`Cannot ${verb} ${WORDS[left]} and ${WORDS[right]}.`, formula.text, node.at);
}
