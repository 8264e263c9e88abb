import { listOf } from '../setting-reader.ts';
import type { SettingReader } from '../setting-reader.ts';
import type { LoadLimits } from './load-shedding.ts';
import { DEFAULT_RATE_LIMITS } from './rate-limits.ts';
import type { RateLimitSizes, RateLimits } from './rate-limits.ts';
import { REQUEST_CLASSES } from './request-class.ts';

/** How the HTTP surface defends itself. */
export interface SurfaceConfig {
  /** Absent: nobody is limited. */
  readonly rateLimits?: RateLimits;
  /** Requests a minute for tokens; absent: the usual. */
  readonly tokenLimits?: { readonly client: number; readonly address: number };
  /** Absent: nothing is turned away. */
  readonly load?: LoadLimits;
  /** Origins of other sites that may show the page in a frame. */
  readonly pageFrameAncestors: readonly string[];
}

const SIZES = ['user', 'service', 'territory'] as const;
const MOST_A_MINUTE = 10_000_000;
/** A host may begin with a wildcard: every org of Salesforce has a host of its own. */
const FRAME_ANCESTOR = /^https:\/\/(?:\*\.)?[a-z0-9-]+(?:\.[a-z0-9-]+)+(?::\d{1,5})?$/;

function isSize(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 1 && value <= MOST_A_MINUTE;
}

function sizesOf(given: unknown, usual: RateLimitSizes): RateLimitSizes | undefined {
  if (typeof given !== 'object' || given === null) return undefined;
  const isKnown = Object.entries(given).every(([key, value]) => SIZES.some((size) => size === key) && isSize(value));
  return isKnown ? { ...usual, ...given } : undefined;
}

function readRateLimits(reader: SettingReader): RateLimits {
  const limits = { ...DEFAULT_RATE_LIMITS };
  for (const [key, given] of Object.entries(reader.json('RATE_LIMITS'))) {
    const what = REQUEST_CLASSES.find((name) => name === key);
    const sizes = what === undefined ? undefined : sizesOf(given, DEFAULT_RATE_LIMITS[what]);
    if (what === undefined || sizes === undefined) {
      reader.problems.push(
        `RATE_LIMITS: "${key}" must be one of ${REQUEST_CLASSES.join(', ')} with some of {"user", "service", "territory"} as whole numbers from 1.`,
      );
    } else limits[what] = sizes;
  }
  return limits;
}

function readFrameAncestors(reader: SettingReader): readonly string[] {
  const origins = listOf(reader.text('PAGE_FRAME_ANCESTORS'));
  for (const origin of origins) {
    if (!FRAME_ANCESTOR.test(origin))
      reader.problems.push(
        `PAGE_FRAME_ANCESTORS: "${origin}" is no origin like https://host or https://*.host.example.`,
      );
  }
  return origins;
}

/** Reads how the HTTP surface defends itself. */
export function readSurface(reader: SettingReader): SurfaceConfig {
  return {
    rateLimits: readRateLimits(reader),
    tokenLimits: {
      client: reader.integer('TOKEN_REQUESTS_PER_CLIENT', 1, 1_000_000),
      address: reader.integer('TOKEN_REQUESTS_PER_ADDRESS', 1, 1_000_000),
    },
    load: {
      maxInFlight: reader.integer('MAX_REQUESTS_IN_FLIGHT', 1, 1_000_000),
      maxLoopDelayMs: reader.integer('MAX_LOOP_DELAY_MS', 10, 60_000),
    },
    pageFrameAncestors: readFrameAncestors(reader),
  };
}
