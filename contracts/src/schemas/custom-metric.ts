import Type from 'typebox';

import { METRIC_UNITS } from '../metrics/definition.ts';
import { MAX_FORMULA_LENGTH } from '../metrics/formula/formula-lexer.ts';

/** Body of `POST /api/metrics/custom`: a territory's own metric, a formula over parts and metrics. */
export const CustomMetricDraftSchema = Type.Object(
  {
    title: Type.String({ minLength: 1, maxLength: 120 }),
    formula: Type.String({ minLength: 1, maxLength: MAX_FORMULA_LENGTH }),
    unit: Type.Enum([...METRIC_UNITS]),
    better: Type.Optional(Type.Enum(['higher', 'lower', 'neutral'])),
    /** What it means, for people. */
    text: Type.Optional(Type.String({ maxLength: 1_000 })),
  },
  { additionalProperties: false },
);

/** A stored custom metric; queries name it by its id. `version` rises with each change. */
export const CustomMetricSchema = Type.Object({
  ...CustomMetricDraftSchema.properties,
  id: Type.String(),
  version: Type.Integer(),
  updatedAt: Type.String(),
  updatedBy: Type.String(),
});
