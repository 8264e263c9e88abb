import type { Logger } from 'pino';
import type { Composition } from './compose/composition.ts';
import { composeDistributor } from './compose/distributor.ts';
import { composeRegional } from './compose/regional.ts';
import type { BffConfig } from './config.ts';

export type { Composition } from './compose/composition.ts';

/** The only wiring: turns settings into an application. */
export function compose(config: BffConfig, logger: Logger): Composition {
  return config.own.role === 'regional'
    ? composeRegional(config, config.own, logger)
    : composeDistributor(config, config.own, logger);
}
