import { pino } from 'pino';

import { readLambdaConfig } from '../config.ts';
import { createLambdaHandler, type BatchAnswer, type InvocationContext, type KinesisEvent } from './lambda-handler.ts';
import { createLambdaPorts } from './start-lambda.ts';

export { createLambdaHandler };

let handle: ReturnType<typeof createLambdaHandler> | undefined;

/** Entry point of the function: wired from the environment at the first call, kept for those that follow. */
export function handler(event: KinesisEvent, context: InvocationContext): Promise<BatchAnswer> {
  if (handle === undefined) {
    const config = readLambdaConfig();
    const base = { service: 'ingest-lambda', regionId: config.regionId };
    handle = createLambdaHandler(createLambdaPorts(config, pino({ level: config.logLevel, base })));
  }
  return handle(event, context);
}
