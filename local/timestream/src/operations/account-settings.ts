import { validationError } from '../errors.ts';
import { asObject, oneOf, optionalInteger } from '../protocol/shape.ts';
import type { AccountSettings } from '../store/catalog.ts';
import type { Operation } from './context.ts';

const PRICING_MODELS = ['BYTES_SCANNED', 'COMPUTE_UNITS'] as const;
const MIN_TCU = 4;
const MAX_TCU = 1000;
// A TCU comes in steps of four.
const TCU_STEP = 4;

/** DescribeAccountSettings and UpdateAccountSettings. They are kept and told; nothing here is billed or slowed by them. */
export const accountSettingsOperations: Record<string, Operation> = {
  DescribeAccountSettings: ({ region }) => Promise.resolve(describe(region.catalog.accountSettings)),

  UpdateAccountSettings: ({ body, region }) =>
    region.lock.run(async () => {
      const before = region.catalog.accountSettings;
      const maxQueryTcu = optionalInteger(body, 'MaxQueryTCU', 'maxQueryTCU', MIN_TCU, MAX_TCU) ?? before.maxQueryTcu;
      if (maxQueryTcu % TCU_STEP !== 0) throw validationError('MaxQueryTCU must be a multiple of 4.');
      const pricing = oneOf(body['QueryPricingModel'], PRICING_MODELS, 'queryPricingModel', before.queryPricingModel);
      if (pricing === 'BYTES_SCANNED' && before.queryPricingModel === 'COMPUTE_UNITS')
        throw validationError('The query pricing model cannot be changed back from COMPUTE_UNITS.');
      if (body['QueryCompute'] !== undefined && body['QueryCompute'] !== null) {
        const compute = asObject(body['QueryCompute'], 'queryCompute');
        if (compute['ComputeMode'] === 'PROVISIONED')
          throw validationError('Provisioned query compute is not supported by timestream-local.');
      }
      await region.catalog.putAccountSettings({ maxQueryTcu, queryPricingModel: pricing });
      return describe(region.catalog.accountSettings);
    }),
};

const describe = ({ maxQueryTcu, queryPricingModel }: AccountSettings): unknown => ({
  MaxQueryTCU: maxQueryTcu,
  QueryPricingModel: queryPricingModel,
  QueryCompute: { ComputeMode: 'ON_DEMAND' },
});
