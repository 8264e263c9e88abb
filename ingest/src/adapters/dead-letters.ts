import type { DeadLetterArchive, DeadLetters } from '../ports/dead-letters.ts';
import { createFileDeadLetters } from './file-dead-letters.ts';
import { createS3DeadLetters, type S3DeadLettersOptions } from './s3-dead-letters.ts';

/** Where dead letters are kept: a folder, or a bucket. */
export type DeadLettersConfig =
  | { readonly kind: 'folder'; readonly folder: string }
  | ({ readonly kind: 's3' } & Omit<S3DeadLettersOptions, 'onRetry'>);

/** Dead letters in the place that was configured. */
export function createDeadLetters(
  config: DeadLettersConfig,
  onRetry?: S3DeadLettersOptions['onRetry'],
): DeadLetters & DeadLetterArchive {
  if (config.kind === 'folder') return createFileDeadLetters(config.folder);
  return createS3DeadLetters({ ...config, ...(onRetry === undefined ? {} : { onRetry }) });
}
