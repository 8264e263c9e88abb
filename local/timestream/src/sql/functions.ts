import type { Call } from './ast.ts';
import { ARRAY_FUNCTIONS } from './array-functions.ts';
import { CONDITIONAL_FUNCTIONS } from './conditional-functions.ts';
import { FORMAT_FUNCTIONS } from './format-functions.ts';
import { LAMBDA_FUNCTIONS } from './lambda-functions.ts';
import { MATH_FUNCTIONS } from './math-functions.ts';
import { sqlError } from './position.ts';
import { REGEXP_FUNCTIONS } from './regexp-functions.ts';
import type { FunctionSpec, FunctionTable } from './signature.ts';
import { TEXT_FUNCTIONS } from './text-functions.ts';
import { TIME_FUNCTIONS } from './time-functions.ts';
import { TIME_PART_FUNCTIONS } from './time-part-functions.ts';
import { TIMESERIES_FUNCTIONS } from './timeseries-functions.ts';

/** Scalar functions by topic. */
export const FUNCTIONS_BY_TOPIC: Readonly<Record<string, FunctionTable>> = {
  conditional: CONDITIONAL_FUNCTIONS,
  mathematical: MATH_FUNCTIONS,
  string: TEXT_FUNCTIONS,
  'regular expression': REGEXP_FUNCTIONS,
  array: { ...ARRAY_FUNCTIONS, ...LAMBDA_FUNCTIONS },
  'date and time': { ...TIME_FUNCTIONS, ...TIME_PART_FUNCTIONS, ...FORMAT_FUNCTIONS },
  timeseries: TIMESERIES_FUNCTIONS,
};

const FUNCTIONS: FunctionTable = Object.assign({}, ...Object.values(FUNCTIONS_BY_TOPIC)) as FunctionTable;

/** The scalar function that a call names. */
export function findFunction(call: Call): FunctionSpec {
  const found = Object.hasOwn(FUNCTIONS, call.name) ? FUNCTIONS[call.name] : undefined;
  if (found === undefined) throw sqlError(call.at, `Function ${call.name} not registered`);
  return found;
}
