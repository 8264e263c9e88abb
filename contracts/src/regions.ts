/**
 * The closed table of regions. Nothing routes to a region that is not in it, and no host name is ever built from
 * input: an id either names a row here or is refused as `region_unknown`.
 */
export interface Region {
  readonly id: RegionId;
  /** Two-letter code shown to people. */
  readonly code: string;
  readonly name: string;
  /**
   * The AWS region the regional services run in. Not all have Timestream (Singapore and Canada do not): where its data
   * lies is a setting of the operator, never a silent fallback.
   */
  readonly awsRegion: string;
}

/** Ids of the regions, as they appear in claims (numbers) and in dimensions (decimal strings). */
export type RegionId = 1 | 2 | 3 | 4 | 5 | 6;

/** The six regions of the platform, frozen. */
export const REGIONS: Readonly<Record<RegionId, Region>> = Object.freeze({
  1: Object.freeze({ id: 1, code: 'UK', name: 'United Kingdom', awsRegion: 'eu-west-1' }),
  2: Object.freeze({ id: 2, code: 'US', name: 'United States', awsRegion: 'us-east-1' }),
  3: Object.freeze({ id: 3, code: 'AU', name: 'Australia', awsRegion: 'ap-southeast-2' }),
  4: Object.freeze({ id: 4, code: 'SG', name: 'Singapore', awsRegion: 'ap-southeast-1' }),
  5: Object.freeze({ id: 5, code: 'CA', name: 'Canada', awsRegion: 'ca-central-1' }),
  6: Object.freeze({ id: 6, code: 'DE', name: 'Germany', awsRegion: 'eu-central-1' }),
});

/** Whether a number names a region of the closed table. */
export function isRegionId(value: number): value is RegionId {
  return Number.isInteger(value) && value >= 1 && value <= 6;
}
