// `npm run bench:live`: how long it takes from the collector's 202 to a frame that counts the event, at a viewer behind the
// distributor, while other events come; the whole stack runs on this machine.
import { setTimeout as delay } from 'node:timers/promises';
import { report } from '../report.ts';
import { medianOf, quantileOf } from '../statistics.ts';
import { startBenchStack } from './local-stack.ts';
import type { BenchStack } from './local-stack.ts';
import { postMarkedEvent } from './marked-events.ts';
import type { AcceptedEvent } from './marked-events.ts';
import { arrivalsOn } from './stream-arrivals.ts';
import { follow } from './subscriber.ts';
import type { CountedFrame } from './subscriber.ts';

const BACKGROUND_PER_SECOND = 15;
const SAMPLES = 320;
/** Events before the first sample: the pieces are new, and nothing is cached yet. */
const WARM_UP = 20;
/** Between two events, so that they meet the pieces in every phase. */
const SHORTEST_PAUSE_MS = 300;
const LONGEST_PAUSE_MS = 900;
const LAST_FRAME_TIMEOUT_MS = 30_000;
const QUEUE = 'q_bench_live';

/** One event on its way: how long each part of it took, in ms. */
interface Sample {
  readonly totalMs: number;
  readonly collectorMs: number;
  readonly workerMs: number;
  readonly untilEvaluationMs: number;
  readonly evaluationToFrameMs: number;
}

async function postAll(stack: BenchStack): Promise<AcceptedEvent[]> {
  const accepted: AcceptedEvent[] = [];
  for (let index = 0; index < WARM_UP + SAMPLES; index += 1) {
    accepted.push(await postMarkedEvent(stack, QUEUE));
    await delay(SHORTEST_PAUSE_MS + Math.random() * (LONGEST_PAUSE_MS - SHORTEST_PAUSE_MS));
  }
  return accepted;
}

/** The first frame that counts each number of events, until the last has been counted. */
async function framesOf(frames: AsyncIterable<CountedFrame>, expected: number): Promise<CountedFrame[]> {
  const first: CountedFrame[] = [];
  for await (const frame of frames) {
    while (first.length < frame.count) first.push(frame);
    if (first.length >= expected) break;
  }
  return first;
}

async function measure(stack: BenchStack): Promise<Sample[]> {
  const stop = new AbortController();
  const token = await stack.token();
  const expected = WARM_UP + SAMPLES;
  const counted = framesOf(follow({ url: stack.url, token, queueId: QUEUE }, stop.signal), expected);
  try {
    const events = await Promise.race([postAll(stack), failure(counted)]);
    const late = delay(LAST_FRAME_TIMEOUT_MS, undefined, { ref: false }).then(() => {
      throw new Error('The last events were never counted.');
    });
    const frames = await Promise.race([counted, late]);
    const onEvents = await arrivalsOn(stack.kinesisUrl, 'lumina-events');
    const onTail = await arrivalsOn(stack.kinesisUrl, 'lumina-facts');
    return events.slice(WARM_UP).map((event, index) => {
      const frame = frames[WARM_UP + index];
      const tailMs = onTail.get(event.stayId) ?? Number.NaN;
      if (frame === undefined) throw new Error('An event was never counted.');
      return {
        totalMs: frame.receivedMs - event.acceptedMs,
        collectorMs: event.acceptedMs - event.postedMs,
        workerMs: tailMs - (onEvents.get(event.stayId) ?? Number.NaN),
        untilEvaluationMs: frame.asOfMs - tailMs,
        evaluationToFrameMs: frame.receivedMs - frame.asOfMs,
      };
    });
  } finally {
    stop.abort();
    await counted.catch(() => undefined);
  }
}

/** Rejects when a piece of work does, and never resolves. */
async function failure(work: Promise<unknown>): Promise<never> {
  await work;
  return new Promise(() => undefined);
}

const stack = await startBenchStack(BACKGROUND_PER_SECOND);
const samples = await measure(stack).finally(stack.stop);
const of = (part: keyof Sample): number[] => samples.map((sample) => sample[part]);
const parts = ['collectorMs', 'workerMs', 'untilEvaluationMs', 'evaluationToFrameMs'] as const;

report('live', {
  ratios: { p50Ms: medianOf(of('totalMs')), p95Ms: quantileOf(of('totalMs'), 0.95) },
  medians: {
    samples: samples.length,
    ...Object.fromEntries(
      parts.flatMap((part) => [
        [part.replace(/Ms$/, 'P50Ms'), medianOf(of(part))],
        [part.replace(/Ms$/, 'P95Ms'), quantileOf(of(part), 0.95)],
      ]),
    ),
  },
});
