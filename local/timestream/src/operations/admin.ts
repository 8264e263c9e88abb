import { ServiceError, validationError } from '../errors.ts';
import { parseJson, stringifyJson } from '../protocol/json.ts';
import { asObject } from '../protocol/shape.ts';
import type { FaultPlan } from './faults.ts';
import { readFaultSettings } from './faults.ts';
import type { ServerMetrics } from './metrics.ts';

/** An answer outside the protocol of the service. */
export type AdminAnswer = { status: number; contentType: string; text: string };

const json = (status: number, body: unknown): AdminAnswer => ({
  status,
  contentType: 'application/json',
  text: stringifyJson(body),
});

/** Pages for people and tests: `/metrics`, `/_faults` (GET, PUT, DELETE); any other GET says that the server is ready. */
export class AdminPages {
  private readonly faults: FaultPlan;
  private readonly metrics: ServerMetrics;

  constructor(faults: FaultPlan, metrics: ServerMetrics) {
    this.faults = faults;
    this.metrics = metrics;
  }

  /** Undefined for a call of the service. */
  async answer(method: string, path: string, body: () => Promise<string>): Promise<AdminAnswer | undefined> {
    if (method === 'GET' && path === '/metrics') {
      const { registry } = this.metrics;
      return { status: 200, contentType: registry.contentType, text: await registry.metrics() };
    }
    if (path === '/_faults') return this.answerFaults(method, body);
    return method === 'GET' || method === 'HEAD' ? json(200, { status: 'ready' }) : undefined;
  }

  private async answerFaults(method: string, body: () => Promise<string>): Promise<AdminAnswer> {
    if (method === 'DELETE') this.faults.clear();
    else if (method === 'PUT') {
      try {
        this.faults.set(readFaultSettings(asObject(parse(await body()), 'body')));
      } catch (error) {
        if (!(error instanceof ServiceError)) throw error;
        return json(400, { code: 'faults_invalid', message: error.message });
      }
    } else if (method !== 'GET') return json(405, { code: 'method_unknown', message: 'Use GET, PUT or DELETE.' });
    return json(200, this.faults.current);
  }
}

function parse(text: string): ReturnType<typeof parseJson> {
  try {
    return parseJson(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw validationError('The body is not JSON.');
  }
}
