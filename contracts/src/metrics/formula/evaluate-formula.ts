import type { CheckedFormula, FormulaNode } from './formula.ts';

/** A formula's value in its unit, with the two sides of its last division where it has one. */
export interface FormulaValue {
  readonly value: number | null;
  readonly num: number | null;
  readonly den: number | null;
}

/**
 * Computes a formula from the values of its leaves (counts, milliseconds, metrics' own ratios), of one bucket or of a whole
 * range: it never combines its own results. Unknown stays unknown, and what is divided by zero is unknown.
 */
export function evaluateFormula(
  formula: Pick<CheckedFormula, 'root' | 'unit'>,
  leaves: readonly (number | null)[],
  elapsedMs: number,
): FormulaValue {
  const of = (node: FormulaNode): number | null => valueOf(node, leaves, elapsedMs);
  const value = of(formula.root);
  const quotient = lastDivision(formula.root);
  return {
    value: value === null || formula.unit !== 's' ? value : value / 1_000,
    num: quotient === undefined ? value : of(quotient.left),
    den: quotient === undefined ? null : of(quotient.right),
  };
}

function valueOf(node: FormulaNode, leaves: readonly (number | null)[], elapsedMs: number): number | null {
  const of = (inner: FormulaNode): number | null => valueOf(inner, leaves, elapsedMs);
  switch (node.kind) {
    case 'number':
      return node.value;
    case 'duration':
      return node.ms;
    case 'elapsed':
      return elapsedMs;
    case 'leaf':
      return leaves[node.leaf] ?? null;
    case 'negate': {
      const value = of(node.of);
      return value === null ? null : -value;
    }
    case 'binary': {
      const { left, right } = node;
      // A quotient times a number is multiplied first, as in the catalogue: the same share is the same number.
      if (node.op === '*' && left.kind === 'binary' && left.op === '/' && right.kind === 'number') {
        return combine('/', combine('*', of(left.left), right.value), of(left.right));
      }
      return combine(node.op, of(left), of(right));
    }
    case 'call': {
      const values = node.args.map(of);
      if (node.name === 'coalesce') return values.find((value) => value !== null) ?? null;
      const known = values.filter((value) => value !== null);
      if (known.length < values.length) return null;
      if (node.name === 'abs') return Math.abs(known[0] ?? 0);
      return node.name === 'min' ? Math.min(...known) : Math.max(...known);
    }
  }
}

function combine(op: '+' | '-' | '*' | '/', left: number | null, right: number | null): number | null {
  if (left === null || right === null || (op === '/' && right === 0)) return null;
  const value = { '+': left + right, '-': left - right, '*': left * right, '/': left / right }[op];
  return Number.isFinite(value) ? value : null;
}

/** The division that a formula ends in, but for a factor. */
function lastDivision(node: FormulaNode): Extract<FormulaNode, { kind: 'binary' }> | undefined {
  if (node.kind !== 'binary') return undefined;
  if (node.op === '/') return node.right.kind === 'number' ? lastDivision(node.left) : node;
  if (node.op !== '*') return undefined;
  if (node.right.kind === 'number') return lastDivision(node.left);
  return node.left.kind === 'number' ? lastDivision(node.right) : undefined;
}
