export { checkFormula, leafType } from './check-formula.ts';
export { evaluateFormula } from './evaluate-formula.ts';
export type { FormulaValue } from './evaluate-formula.ts';
export { FormulaError } from './formula-error.ts';
export type { FormulaSpan } from './formula-error.ts';
export { MAX_FORMULA_LENGTH } from './formula-lexer.ts';
export { FORMULA_NAMES, FORMULA_SHORT_NAMES } from './formula-names.ts';
export type { CheckedFormula, Formula, FormulaLeaf, FormulaNode, FormulaType } from './formula.ts';
export { parseFormula } from './parse-formula.ts';
