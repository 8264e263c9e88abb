import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  conflictError,
  internalError,
  notFoundError,
  queryExecutionError,
  quotaError,
  rejectedRecordsError,
  throttlingError,
  validationError,
} from './errors.ts';

test('every error has the code and the status that the service documents', () => {
  const errors = [
    validationError('x'),
    queryExecutionError('x'),
    quotaError('x'),
    notFoundError('x'),
    conflictError('x'),
    rejectedRecordsError([]),
    throttlingError(),
    internalError('x'),
  ];
  assert.deepEqual(
    errors.map(({ code, status }) => [code, status]),
    [
      ['ValidationException', 400],
      ['QueryExecutionException', 400],
      ['ServiceQuotaExceededException', 402],
      ['ResourceNotFoundException', 404],
      ['ConflictException', 409],
      ['RejectedRecordsException', 419],
      ['ThrottlingException', 429],
      ['InternalServerException', 500],
    ],
  );
});
