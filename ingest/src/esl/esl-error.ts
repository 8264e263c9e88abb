/** What can go wrong between a forwarder and its switch. */
export type EslErrorCode =
  | 'esl_auth_refused'
  | 'esl_rejected'
  | 'esl_garbage'
  | 'esl_too_large'
  | 'esl_command_failed'
  | 'esl_timeout'
  | 'esl_silent'
  | 'esl_closed';

/** A connection to a switch that failed, or an answer that is none; the code says which and the text what to do. */
export class EslError extends Error {
  readonly code: EslErrorCode;

  constructor(code: EslErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'EslError';
    this.code = code;
  }
}

/** Whether trying again soon cannot help: somebody has to change a password or an access list first. */
export function isRefusal(error: unknown): boolean {
  return error instanceof EslError && (error.code === 'esl_auth_refused' || error.code === 'esl_rejected');
}
