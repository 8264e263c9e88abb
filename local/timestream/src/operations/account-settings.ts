import { validationError } from '../errors.ts';
import type { AccountSettings } from '../store/catalog.ts';
import type { Operations } from './context.ts';

// A TCU comes in steps of four.
const TCU_STEP = 4;

/** DescribeAccountSettings and UpdateAccountSettings. They are kept and told; nothing here is billed or slowed by them. */
export const accountSettingsOperations: Pick<Operations, 'DescribeAccountSettings' | 'UpdateAccountSettings'> = {
  DescribeAccountSettings: ({ region }) => Promise.resolve(describe(region.catalog.accountSettings)),

  UpdateAccountSettings: ({ body, region }) =>
    region.lock.run(async () => {
      const before = region.catalog.accountSettings;
      const maxQueryTcu = body.MaxQueryTCU ?? before.maxQueryTcu;
      if (maxQueryTcu % TCU_STEP !== 0) throw validationError('MaxQueryTCU must be a multiple of 4.');
      const pricing = body.QueryPricingModel ?? before.queryPricingModel;
      if (pricing === 'BYTES_SCANNED' && before.queryPricingModel === 'COMPUTE_UNITS')
        throw validationError('The query pricing model cannot be changed back from COMPUTE_UNITS.');
      if (body.QueryCompute?.ComputeMode === 'PROVISIONED')
        throw validationError('Provisioned query compute is not supported by timestream-local.');
      await region.catalog.putAccountSettings({ maxQueryTcu, queryPricingModel: pricing });
      return describe(region.catalog.accountSettings);
    }),
};

const describe = ({ maxQueryTcu, queryPricingModel }: AccountSettings): unknown => ({
  MaxQueryTCU: maxQueryTcu,
  QueryPricingModel: queryPricingModel,
  QueryCompute: { ComputeMode: 'ON_DEMAND' },
});
