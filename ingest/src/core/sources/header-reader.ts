import { DecodeError } from '../decode-error.ts';
import type { Pseudonymiser } from '../personal-ids.ts';

const MICROSECONDS_PER_MS = 1000;
const MS_PER_SECOND = 1000;

/** Reads the flat string headers of a FreeSWITCH event; names are case-insensitive, as builds differ. */
export class HeaderReader {
  private readonly headers: Readonly<Record<string, unknown>>;
  private readonly pseudonymise: Pseudonymiser;
  private lowered: Map<string, unknown> | undefined;

  constructor(headers: Readonly<Record<string, unknown>>, pseudonymise: Pseudonymiser) {
    this.headers = headers;
    this.pseudonymise = pseudonymise;
  }

  optional(name: string): string | undefined {
    let value = this.headers[name];
    if (value === undefined) {
      this.lowered ??= new Map(Object.entries(this.headers).map(([key, content]) => [key.toLowerCase(), content]));
      value = this.lowered.get(name.toLowerCase());
    }
    if (typeof value === 'number') return String(value);
    return typeof value === 'string' && value !== '' ? value : undefined;
  }

  required(name: string): string {
    const value = this.optional(name);
    if (value === undefined)
      throw new DecodeError('invalid_event', `Header ${name} is missing; send it with the event.`);
    return value;
  }

  /** An id, replaced when it looks personal, so that no id composed of it can carry a person's name. */
  id(name: string): string {
    return this.pseudonymise(this.required(name));
  }

  optionalId(name: string): string | undefined {
    const value = this.optional(name);
    return value === undefined ? undefined : this.pseudonymise(value);
  }

  /** Epoch ms of a header in epoch microseconds; undefined when absent or 0, which is how FreeSWITCH writes never. */
  optionalMicroseconds(name: string): number | undefined {
    return this.optionalInstant(name, (value) => Math.floor(value / MICROSECONDS_PER_MS));
  }

  /** Epoch ms of a header in epoch seconds; undefined when absent or 0. */
  optionalSeconds(name: string): number | undefined {
    return this.optionalInstant(name, (value) => value * MS_PER_SECOND);
  }

  seconds(name: string): number {
    const value = this.optionalSeconds(name);
    if (value === undefined) throw new DecodeError('invalid_event', `Header ${name} must be epoch seconds.`);
    return value;
  }

  milliseconds(name: string): number {
    const value = this.optionalInstant(name, (ms) => ms);
    if (value === undefined) throw new DecodeError('invalid_event', `Header ${name} must be epoch milliseconds.`);
    return value;
  }

  /** When the event was fired. */
  eventTimeMs(): number {
    const value = this.optionalMicroseconds('Event-Date-Timestamp');
    if (value === undefined)
      throw new DecodeError('invalid_event', 'Header Event-Date-Timestamp must be epoch microseconds.');
    return value;
  }

  private optionalInstant(name: string, toMs: (value: number) => number): number | undefined {
    const text = this.optional(name);
    if (text === undefined) return undefined;
    if (!/^\d{1,17}$/.test(text)) throw new DecodeError('invalid_event', `Header ${name} must be a whole number.`);
    const ms = toMs(Number(text));
    if (ms > 8.64e15) throw new DecodeError('invalid_event', `Header ${name} lies outside the range of time.`);
    return ms === 0 ? undefined : ms;
  }
}
