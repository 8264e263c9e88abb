import type { MetricAggregation } from '@lumina/contracts';

/** What a frame said: how many marked events it counts, as of when, and when it came. */
export interface CountedFrame {
  readonly count: number;
  /** Epoch ms at which the answer was begun. */
  readonly asOfMs: number;
  readonly receivedMs: number;
}

interface FrameBody {
  readonly aggregations?: readonly MetricAggregation[];
  readonly meta?: { readonly asOf?: number };
}

const END_OF_EVENT = '\n\n';
const REF = 'marked';

/** A body that counts the visits of one queue: the denominator of the share of those who gave up is all of them. */
const bodyOf = (queueId: string): string =>
  JSON.stringify({
    range: { last: '1h' },
    bin: '1m',
    queries: [
      { ref: REF, metrics: ['queue_abandon_rate'], filters: [{ dim: 'queue_id', op: 'eq', values: [queueId] }] },
    ],
  });

function countedIn(text: string, receivedMs: number): CountedFrame | undefined {
  const event = /^event: (\S+)$/mu.exec(text)?.[1];
  const data = /^data: (.*)$/mu.exec(text)?.[1];
  if (event === 'bye' || event === 'problem') throw new Error(`The stream ended: ${text}`);
  if (data === undefined || (event !== 'snapshot' && event !== 'delta')) return undefined;
  const { aggregations, meta } = JSON.parse(data) as FrameBody;
  const own = aggregations?.find(({ ref }) => ref === REF);
  return own === undefined ? undefined : { count: own.den ?? 0, asOfMs: meta?.asOf ?? Number.NaN, receivedMs };
}

/** Follows the count of marked events of a queue through the distributor until told to stop. */
export async function* follow(
  { url, token, queueId }: { readonly url: string; readonly token: string; readonly queueId: string },
  signal: AbortSignal,
): AsyncGenerator<CountedFrame> {
  const response = await fetch(`${url}/api/live`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: bodyOf(queueId),
    signal,
  });
  if (response.status !== 200 || response.body === null)
    throw new Error(`The stream answered ${String(response.status)}: ${await response.text()}`);
  let text = '';
  for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
    const receivedMs = performance.timeOrigin + performance.now();
    text += chunk;
    for (let end = text.indexOf(END_OF_EVENT); end !== -1; end = text.indexOf(END_OF_EVENT)) {
      const frame = countedIn(text.slice(0, end), receivedMs);
      text = text.slice(end + END_OF_EVENT.length);
      if (frame !== undefined) yield frame;
    }
  }
}
