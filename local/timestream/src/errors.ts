/** An error answered to the client in the awsJson1_0 form: `__type` is the code, `fields` are merged into the body. */
export class ServiceError extends Error {
  readonly code: string;
  readonly status: number;
  readonly fields: Record<string, unknown>;

  constructor(code: string, status: number, message: string, fields: Record<string, unknown> = {}) {
    super(message);
    this.name = code;
    this.code = code;
    this.status = status;
    this.fields = fields;
  }
}

/** The request breaks a rule of the API or of the query language. */
export const validationError = (message: string): ServiceError => new ServiceError('ValidationException', 400, message);

/** The thing to be created exists already. */
export const conflictError = (message: string): ServiceError => new ServiceError('ConflictException', 409, message);

/** The account has as many of these as it may have. */
export const quotaError = (message: string): ServiceError =>
  new ServiceError('ServiceQuotaExceededException', 402, message);

/** Calls come faster than they are allowed to. */
export const throttlingError = (): ServiceError => new ServiceError('ThrottlingException', 429, 'Rate exceeded');

/** The server failed. */
export const internalError = (message: string): ServiceError =>
  new ServiceError('InternalServerException', 500, message);

/** The named database or table does not exist. */
export const notFoundError = (message: string): ServiceError =>
  new ServiceError('ResourceNotFoundException', 404, message);

/** The query was understood but failed while it ran. */
export const queryExecutionError = (message: string): ServiceError =>
  new ServiceError('QueryExecutionException', 400, message);

/** One entry of a RejectedRecordsException. */
export type RejectedRecord = { RecordIndex: number; Reason: string; ExistingVersion?: bigint };

/** Some records were refused; the others are stored. */
export const rejectedRecordsError = (rejected: readonly RejectedRecord[]): ServiceError =>
  new ServiceError(
    'RejectedRecordsException',
    419,
    'One or more records have been rejected. See RejectedRecords for details.',
    { RejectedRecords: rejected },
  );
