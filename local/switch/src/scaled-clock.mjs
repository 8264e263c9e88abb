// Runs a process by another clock: `node --import @lumina/switch/scaled-clock host.ts`.
//
// LUMINA_CLOCK_SPEED     how many milliseconds pass in one of the machine's
// LUMINA_CLOCK_ORIGIN_MS the machine's time at which both clocks are compared, epoch ms
// LUMINA_CLOCK_BASE_MS   what the other clock shows then, epoch ms
//
// Date, Date.now, timers and node:timers/promises follow it; performance.now and what sockets wait for do not.
import { syncBuiltinESMExports } from 'node:module';
import timers from 'node:timers';
import timersPromises from 'node:timers/promises';

const numberOf = (name) => {
  const value = Number(process.env[name]);
  if (process.env[name] === undefined || !Number.isFinite(value))
    throw new Error(`scaled_clock_setting: ${name} must be a number`);
  return value;
};
const speed = numberOf('LUMINA_CLOCK_SPEED');
const originMs = numberOf('LUMINA_CLOCK_ORIGIN_MS');
const baseMs = numberOf('LUMINA_CLOCK_BASE_MS');

const MachineDate = Date;
const now = () => Math.floor(baseMs + (MachineDate.now() - originMs) * speed);

class ScaledDate extends MachineDate {
  constructor(...fields) {
    if (fields.length === 0) super(now());
    else super(...fields);
  }
  static now() {
    return now();
  }
}
globalThis.Date = ScaledDate;

const scaled = (ms) => (typeof ms === 'number' && ms > 0 ? ms / speed : ms);
/** Keeps the promisified form that `util.promisify` looks for. */
const withPromise = (wrapped, original) => {
  for (const symbol of Object.getOwnPropertySymbols(original))
    Object.defineProperty(wrapped, symbol, Object.getOwnPropertyDescriptor(original, symbol));
  return wrapped;
};
for (const name of ['setTimeout', 'setInterval']) {
  const original = timers[name];
  const wrapped = withPromise((callback, ms, ...rest) => original(callback, scaled(ms), ...rest), original);
  timers[name] = wrapped;
  globalThis[name] = wrapped;
  const originalPromise = timersPromises[name];
  timersPromises[name] = (ms, ...rest) => originalPromise(scaled(ms), ...rest);
}
const originalWait = timersPromises.scheduler.wait.bind(timersPromises.scheduler);
timersPromises.scheduler.wait = (ms, options) => originalWait(scaled(ms), options);
const originalTimeout = AbortSignal.timeout;
AbortSignal.timeout = (ms) => originalTimeout.call(AbortSignal, Math.ceil(scaled(ms)));
syncBuiltinESMExports();
