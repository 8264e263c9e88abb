import type { Validator } from 'typebox/compile';
import { HttpProblem } from './problem.ts';

const MAX_FAULTS_TOLD = 3;

/** An `invalid_request` that says where a value does not meet its schema; `place` is where the value came from. */
export function faultsOf(check: Pick<Validator, 'Errors'>, value: unknown, place: string): HttpProblem {
  const faults = [...check.Errors(value)].slice(0, MAX_FAULTS_TOLD);
  const detail = faults.map(({ instancePath, message }) => `${place}${instancePath} ${message}`).join('; ');
  return new HttpProblem('invalid_request', detail === '' ? `The ${place} does not fit.` : detail);
}
