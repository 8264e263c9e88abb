/** A place in the text of a formula: offsets of its first character and of the one after its last. */
export interface FormulaSpan {
  readonly start: number;
  readonly end: number;
}

/** A formula that cannot be read, or that means nothing. `at` says where in its text. */
export class FormulaError extends Error {
  readonly code = 'formula_invalid';
  readonly at: FormulaSpan;
  /** Line and column of `at.start`, from 1, as people count. */
  readonly line: number;
  readonly column: number;

  constructor(message: string, text: string, at: FormulaSpan) {
    super(message);
    this.name = 'FormulaError';
    this.at = at;
    const before = text.slice(0, at.start).split('\n');
    this.line = before.length;
    this.column = (before.at(-1)?.length ?? 0) + 1;
  }
}
