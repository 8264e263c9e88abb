import { listOf } from '../setting-reader.ts';
import type { SettingReader } from '../setting-reader.ts';

/** Where traces go, and how many. */
export interface TracingConfig {
  readonly endpoint: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly ratio: number;
  readonly liveRatio: number;
  /** Whether the trace id of an AWS load balancer is taken over. */
  readonly trustsLoadBalancer: boolean;
}

/** `name=value,name=value`, as OpenTelemetry writes it. */
function readPairs(reader: SettingReader, name: string): Record<string, string> {
  const pairs: Record<string, string> = {};
  for (const item of listOf(reader.text(name))) {
    const [, key, value] = /^([\w-]+)=((?:[^%]|%[\da-f]{2})*)$/iu.exec(item) ?? [];
    // The value may be a secret: it is not repeated.
    if (key === undefined || value === undefined)
      reader.problems.push(`${name} must be name=value pairs, separated by commas.`);
    else pairs[key] = decodeURIComponent(value);
  }
  return pairs;
}

/** How traces are configured; undefined where none are recorded. */
export function readTracing(reader: SettingReader): TracingConfig | undefined {
  const endpoint = reader.text('OTEL_EXPORTER_OTLP_ENDPOINT');
  if (endpoint === undefined) return undefined;
  const balancer = reader.needed('TRACE_LOAD_BALANCER');
  if (balancer !== 'none' && balancer !== 'aws') reader.problems.push('TRACE_LOAD_BALANCER must be none or aws.');
  return {
    endpoint: reader.url('OTEL_EXPORTER_OTLP_ENDPOINT', endpoint),
    headers: readPairs(reader, 'OTEL_EXPORTER_OTLP_HEADERS'),
    ratio: reader.share('TRACE_RATIO'),
    liveRatio: reader.share('TRACE_LIVE_RATIO'),
    trustsLoadBalancer: balancer === 'aws',
  };
}
