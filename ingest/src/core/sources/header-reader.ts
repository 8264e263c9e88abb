import { DecodeError } from '../decode-error.ts';
import type { Pseudonymiser } from '../personal-ids.ts';
import {
  respelledHeaders,
  textOfHeader,
  textsOfHeader,
  valueInAnyCase,
  type HeaderName,
} from './freeswitch-headers.ts';

const MICROSECONDS_PER_MS = 1000;
const MS_PER_SECOND = 1000;

/** As milliseconds this is March 1973, as seconds the year 5138. */
const FIRST_MILLISECONDS = 1e11;
/** As microseconds this is March 1973, as milliseconds the year 5138. */
const FIRST_MICROSECONDS = 1e14;

/** Builds write an instant in seconds, milliseconds or microseconds of the epoch: its magnitude tells which. */
export function epochMsOfAny(value: number): number {
  if (value >= FIRST_MICROSECONDS) return Math.floor(value / MICROSECONDS_PER_MS);
  return value >= FIRST_MILLISECONDS ? value : value * MS_PER_SECOND;
}

const MOST_DIGITS = 17;
const ZERO = 48;

/** A whole number of at most 17 digits, -1 for any other text; every event has two to five, so no pattern is asked. */
function wholeNumberOf(text: string): number {
  if (text.length === 0 || text.length > MOST_DIGITS) return -1;
  let value = 0;
  for (let at = 0; at < text.length; at += 1) {
    const digit = text.charCodeAt(at) - ZERO;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value;
}

/** Where the headers of one event are. */
export interface HeaderSource {
  /** The text of a header, the first of a list; undefined for none and for an empty one. */
  text(name: HeaderName): string | undefined;
  /** All texts of a header that may occur more than once. */
  texts(name: HeaderName): string[];
}

/** The headers of an event as an object of JSON; names are case-insensitive, as builds differ. */
export class ParsedHeaders implements HeaderSource {
  private readonly headers: Readonly<Record<string, unknown>>;
  private respelled: ReadonlyMap<HeaderName, unknown> | undefined;

  constructor(headers: Readonly<Record<string, unknown>>) {
    this.headers = headers;
  }

  text(name: HeaderName): string | undefined {
    return textOfHeader(this.valueOf(name));
  }

  texts(name: HeaderName): string[] {
    return textsOfHeader(this.valueOf(name));
  }

  /** A channel variable whose name is configured; its own spelling first, then what a whitelisted event calls it. */
  variable(name: string, whitelistedName: HeaderName): string | undefined {
    const own = name === whitelistedName ? undefined : textOfHeader(valueInAnyCase(this.headers, name));
    return own ?? this.text(whitelistedName);
  }

  private valueOf(name: HeaderName): unknown {
    return this.headers[name] ?? (this.respelled ??= respelledHeaders(this.headers)).get(name);
  }
}

/** Reads the flat text headers of a FreeSWITCH event as what they mean. */
export class HeaderReader {
  private readonly source: HeaderSource;
  private readonly pseudonymise: Pseudonymiser;

  constructor(source: HeaderSource, pseudonymise: Pseudonymiser) {
    this.source = source;
    this.pseudonymise = pseudonymise;
  }

  optional(name: HeaderName): string | undefined {
    return this.source.text(name);
  }

  /** All texts of a header that may occur more than once. */
  all(name: HeaderName): string[] {
    return this.source.texts(name);
  }

  required(name: HeaderName): string {
    const value = this.optional(name);
    if (value === undefined)
      throw new DecodeError('invalid_event', `Header ${name} is missing; send it with the event.`);
    return value;
  }

  /** An id, replaced when it looks personal, so that no id composed of it can carry a person's name. */
  id(name: HeaderName): string {
    return this.pseudonymise(this.required(name));
  }

  optionalId(name: HeaderName): string | undefined {
    const value = this.optional(name);
    return value === undefined ? undefined : this.pseudonymise(value);
  }

  /** A duration in microseconds, in ms; undefined when absent or 0. */
  optionalMicroseconds(name: HeaderName): number | undefined {
    const value = this.optionalNumber(name);
    return value === undefined ? undefined : Math.floor(value / MICROSECONDS_PER_MS);
  }

  /** Epoch ms of an instant; undefined when absent or 0, which is how FreeSWITCH writes never. */
  optionalInstant(name: HeaderName): number | undefined {
    const value = this.optionalNumber(name);
    if (value === undefined) return undefined;
    const ms = epochMsOfAny(value);
    if (ms > 8.64e15) throw new DecodeError('invalid_event', `Header ${name} lies outside the range of time.`);
    return ms;
  }

  instant(name: HeaderName): number {
    const value = this.optionalInstant(name);
    if (value === undefined)
      throw new DecodeError('invalid_event', `Header ${name} must be seconds or microseconds of the epoch.`);
    return value;
  }

  /** When the event was fired. */
  eventTimeMs(): number {
    return this.instant('Event-Date-Timestamp');
  }

  private optionalNumber(name: HeaderName): number | undefined {
    const text = this.optional(name);
    if (text === undefined) return undefined;
    const value = wholeNumberOf(text);
    if (value < 0) throw new DecodeError('invalid_event', `Header ${name} must be a whole number.`);
    return value === 0 ? undefined : value;
  }
}
