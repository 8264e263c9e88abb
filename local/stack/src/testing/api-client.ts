import type { MetricReply } from '@lumina/contracts';
import { urlOf } from '../services.ts';
import type { StackPorts } from '../ports.ts';

/** Calls the API of a stack as one of the local users would. */
export class ApiClient {
  readonly #ports: StackPorts;

  constructor(ports: StackPorts) {
    this.#ports = ports;
  }

  async token(email: string): Promise<string> {
    const reply = await fetch(urlOf(this.#ports.idp, '/dev/token'), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email }),
    });
    return ((await reply.json()) as { access_token: string }).access_token;
  }

  /** A request to the distributor; without a user it carries no token. */
  async request(email: string | undefined, path: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    if (email !== undefined) headers.set('authorization', `Bearer ${await this.token(email)}`);
    if (init.body !== undefined) headers.set('content-type', 'application/json');
    return fetch(urlOf(this.#ports.distributor, path), { ...init, headers });
  }

  async query(
    email: string,
    metrics: readonly string[],
    more: Readonly<Record<string, unknown>> = {},
  ): Promise<MetricReply> {
    const reply = await this.request(email, '/api/metrics/query', {
      method: 'POST',
      body: JSON.stringify({ range: { last: '6h' }, bin: '5m', queries: [{ ref: 'A', metrics, ...more }] }),
    });
    if (reply.status !== 200) throw new Error(`query answered ${String(reply.status)}: ${await reply.text()}`);
    return (await reply.json()) as MetricReply;
  }

  /** The value of metrics over the last hours, in the order asked for. */
  async values(email: string, ...metrics: readonly string[]): Promise<(number | null | undefined)[]> {
    const { aggregations } = await this.query(email, metrics);
    return metrics.map((metric) => aggregations.find((one) => one.metric === metric)?.value);
  }
}
