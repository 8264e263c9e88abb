import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '../clock.ts';
import { internalError, throttlingError, validationError } from '../errors.ts';
import { LostAcknowledgement } from '../protocol/server.ts';
import { asArray, asObject, oneOf, optionalInteger, optionalString } from '../protocol/shape.ts';
import type { JsonObject } from '../protocol/shape.ts';

const KINDS = ['throttle', 'error', 'delay', 'lostAcknowledgement'] as const;

/** One way to fail, for the next calls of an operation. */
export type Fault = {
  /** Name of the operation, or `*` for all. */
  operation: string;
  /** `lostAcknowledgement`: the call is done, and the connection breaks instead of an answer. */
  kind: (typeof KINDS)[number];
  /** How many calls it meets; all when absent. */
  count?: number | undefined;
  /** How long a `delay` holds a call back. */
  delayMs?: number | undefined;
};

/** What a server is told to do wrong. */
export type FaultSettings = {
  faults: Fault[];
  /** How far reading lags behind what was acknowledged. */
  visibilityLagMs: number;
  /** Calls that create, change or delete resources, per second, as the service limits them; without limit when absent. */
  controlPlanePerSecond?: number | undefined;
};

const NO_FAULTS: FaultSettings = { faults: [], visibilityLagMs: 0 };
const MAX_DELAY_MS = 600_000;
const CONTROL_PLANE = /^(Create|Update|Delete|Tag|Untag)/;

/** The faults that are on: a queue per operation, each used up by its count. */
export class FaultPlan {
  private readonly clock: Clock;
  private settings: FaultSettings = NO_FAULTS;
  /** Allowance of the control plane: one bucket that fills at its rate up to one second's worth. */
  private allowance = 0;
  private filledMs = 0;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  get current(): FaultSettings {
    return this.settings;
  }

  /** Replaces all faults. */
  set(settings: FaultSettings): void {
    this.settings = { ...settings, faults: settings.faults.map((fault) => ({ ...fault })) };
    this.allowance = Math.max(1, settings.controlPlanePerSecond ?? 0);
    this.filledMs = this.clock.nowMs();
  }

  clear(): void {
    this.set(NO_FAULTS);
  }

  /** Runs a call with whatever is to go wrong with it. */
  async run<T>(operation: string, call: () => Promise<T>): Promise<T> {
    this.admit(operation);
    const fault = this.take(operation);
    if (fault?.kind === 'throttle') throw throttlingError();
    if (fault?.kind === 'error') throw internalError('The server fails because it was told to.');
    if (fault?.kind === 'delay') await delay(fault.delayMs ?? 0);
    const answer = await call();
    if (fault?.kind === 'lostAcknowledgement') throw new LostAcknowledgement();
    return answer;
  }

  private admit(operation: string): void {
    const { controlPlanePerSecond: rate } = this.settings;
    if (rate === undefined || !CONTROL_PLANE.test(operation)) return;
    const nowMs = this.clock.nowMs();
    this.allowance = Math.min(Math.max(1, rate), this.allowance + ((nowMs - this.filledMs) / 1000) * rate);
    this.filledMs = nowMs;
    if (this.allowance < 1) throw throttlingError();
    this.allowance -= 1;
  }

  private take(operation: string): Fault | undefined {
    const { faults } = this.settings;
    const fault = faults.find((one) => one.operation === '*' || one.operation === operation);
    if (fault?.count === undefined) return fault;
    fault.count -= 1;
    if (fault.count <= 0) faults.splice(faults.indexOf(fault), 1);
    return fault;
  }
}

/** Reads fault settings as they come over HTTP. */
export function readFaultSettings(body: JsonObject): FaultSettings {
  const faults = asArray(body['faults'], 'faults').map((value, index): Fault => {
    const path = `faults.${index + 1}.member`;
    const fault = asObject(value, path);
    if (fault['kind'] === undefined) throw validationError(`'${path}.kind' must be one of ${KINDS.join(', ')}.`);
    return {
      operation: optionalString(fault, 'operation', `${path}.operation`) ?? '*',
      kind: oneOf(fault['kind'], KINDS, `${path}.kind`, 'error'),
      count: optionalInteger(fault, 'count', `${path}.count`, 1, Number.MAX_SAFE_INTEGER),
      delayMs: optionalInteger(fault, 'delayMs', `${path}.delayMs`, 0, MAX_DELAY_MS),
    };
  });
  return {
    faults,
    visibilityLagMs: optionalInteger(body, 'visibilityLagMs', 'visibilityLagMs', 0, MAX_DELAY_MS) ?? 0,
    controlPlanePerSecond: optionalInteger(body, 'controlPlanePerSecond', 'controlPlanePerSecond', 1, 1000),
  };
}
