import type { BuildAggregate } from './aggregates.ts';
import { doubleArg, fn, takeArgs } from './signature.ts';
import type { FunctionTable } from './signature.ts';

const doubleOf =
  (duckName: string, count = 1): BuildAggregate =>
  (call, args) => ({
    name: duckName,
    args: takeArgs(call, args, count).map((_, index) => doubleArg(call, args, index)),
    type: 'double',
  });

/** Aggregates of statistics, all of doubles. */
export const STATISTIC_AGGREGATES: FunctionTable<BuildAggregate> = {
  avg: fn('avg(x)', doubleOf('avg')),
  geometric_mean: fn('geometric_mean(x)', doubleOf('geometric_mean')),
  stddev: fn('stddev(x)', doubleOf('stddev_samp')),
  stddev_samp: fn('stddev_samp(x)', doubleOf('stddev_samp')),
  stddev_pop: fn('stddev_pop(x)', doubleOf('stddev_pop')),
  variance: fn('variance(x)', doubleOf('var_samp')),
  var_samp: fn('var_samp(x)', doubleOf('var_samp')),
  var_pop: fn('var_pop(x)', doubleOf('var_pop')),
  corr: fn('corr(y, x)', doubleOf('corr', 2)),
  covar_samp: fn('covar_samp(y, x)', doubleOf('covar_samp', 2)),
  covar_pop: fn('covar_pop(y, x)', doubleOf('covar_pop', 2)),
  regr_slope: fn('regr_slope(y, x)', doubleOf('regr_slope', 2)),
  regr_intercept: fn('regr_intercept(y, x)', doubleOf('regr_intercept', 2)),
  skewness: fn('skewness(x)', doubleOf('skewness')),
};
