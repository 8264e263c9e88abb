const MS_PER_SECOND = 1000;
const MS_PER_MINUTE = 60_000;
const MS_PER_HOUR = 3_600_000;
const MS_PER_DAY = 86_400_000;

const ZERO = 48;
const DASH = 45;
const COLON = 58;
const DOT = 46;
const PLUS = 43;
const UPPER_T = 84;
const UPPER_Z = 90;
const MOST_FRACTION_DIGITS = 9;

const DAYS_BEFORE_MONTH = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];
const DAYS_OF_MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
/** Days from the year 0 of the Gregorian calendar to 1970. */
const DAYS_TO_1970 = 719_528;

/** Value of the digit at a place, or something outside 0 to 9. */
function digitAt(text: string, at: number): number {
  return text.charCodeAt(at) - ZERO;
}

/** Value of two digits, or -1. */
function pairAt(text: string, at: number): number {
  const tens = digitAt(text, at);
  const ones = digitAt(text, at + 1);
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : -1;
}

function isLeapYear(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

/** Days from 1970 to a date, NaN for one that the calendar does not have. */
function epochDayOf(year: number, month: number, day: number): number {
  if (month < 1 || month > 12 || day < 1) return Number.NaN;
  const isLeap = isLeapYear(year);
  const longest = month === 2 && isLeap ? 29 : (DAYS_OF_MONTH[month - 1] ?? 0);
  if (day > longest) return Number.NaN;
  const before = year - 1;
  // The year 0 is a leap year itself, hence the last 1.
  const leapDays = year === 0 ? 0 : Math.floor(before / 4) - Math.floor(before / 100) + Math.floor(before / 400) + 1;
  const dayOfYear = (DAYS_BEFORE_MONTH[month - 1] ?? 0) + (isLeap && month > 2 ? 1 : 0) + day - 1;
  return year * 365 + leapDays + dayOfYear - DAYS_TO_1970;
}

/** Offset of a zone that begins at a place and ends the text, in ms east of UTC; NaN for anything else. */
function offsetMsAt(text: string, at: number): number {
  const sign = text.charCodeAt(at);
  if (sign === UPPER_Z) return text.length === at + 1 ? 0 : Number.NaN;
  if ((sign !== PLUS && sign !== DASH) || text.length !== at + 6 || text.charCodeAt(at + 3) !== COLON)
    return Number.NaN;
  const hours = pairAt(text, at + 1);
  const minutes = pairAt(text, at + 4);
  if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59) return Number.NaN;
  const eastMs = hours * MS_PER_HOUR + minutes * MS_PER_MINUTE;
  return sign === PLUS ? eastMs : -eastMs;
}

/** Whether the punctuation of `YYYY-MM-DDThh:mm:ss` stands where it must. */
function isPunctuated(text: string): boolean {
  return (
    text.charCodeAt(4) === DASH &&
    text.charCodeAt(7) === DASH &&
    text.charCodeAt(10) === UPPER_T &&
    text.charCodeAt(13) === COLON &&
    text.charCodeAt(16) === COLON
  );
}

/** Milliseconds since midnight of the time at its place in the text, without its fraction; -1 for none that exists. */
function timeOfDayMs(text: string): number {
  const hours = pairAt(text, 11);
  const minutes = pairAt(text, 14);
  // A leap second is refused: no clock in use counts it, and an epoch has no place for it.
  const seconds = pairAt(text, 17);
  if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59 || seconds < 0 || seconds > 59) return -1;
  return hours * MS_PER_HOUR + minutes * MS_PER_MINUTE + seconds * MS_PER_SECOND;
}

/**
 * The last two instants that were read or written. The rules of an event and its facts ask for the same ones again, and
 * what a switch's event is mapped to was written a moment ago.
 */
let lastText = '';
let priorText = '';
/** Their epoch ms, the last first. */
const knownMs = new Float64Array(2).fill(Number.NaN);

function remember(text: string, epochMs: number): void {
  priorText = lastText;
  knownMs[1] = knownMs[0] ?? Number.NaN;
  lastText = text;
  knownMs[0] = epochMs;
}

/**
 * Epoch milliseconds of an RFC 3339 instant (`2026-03-03T10:00:00.123Z`, or with an offset); fractions below a
 * millisecond are cut. NaN for any other text and for an instant that does not exist, as on 30 February.
 * Every event has two to four of them: this is five times as fast as a pattern and `Date.parse`.
 */
export function epochMsOf(instant: string): number {
  if (instant === lastText) return knownMs[0] ?? Number.NaN;
  if (instant === priorText) return knownMs[1] ?? Number.NaN;
  const epochMs = readEpochMs(instant);
  remember(instant, epochMs);
  return epochMs;
}

function readEpochMs(instant: string): number {
  if (!isPunctuated(instant)) return Number.NaN;
  const century = pairAt(instant, 0);
  const yearOfCentury = pairAt(instant, 2);
  const timeMs = timeOfDayMs(instant);
  if (century < 0 || yearOfCentury < 0 || timeMs < 0) return Number.NaN;
  const day = epochDayOf(century * 100 + yearOfCentury, pairAt(instant, 5), pairAt(instant, 8));
  let at = 19;
  let fractionMs = 0;
  if (instant.charCodeAt(at) === DOT) {
    const first = at + 1;
    let weight = 100;
    for (at = first; at - first < MOST_FRACTION_DIGITS; at += 1) {
      const digit = digitAt(instant, at);
      if (!(digit >= 0 && digit <= 9)) break;
      if (weight >= 1) fractionMs += digit * weight;
      weight /= 10;
    }
    if (at === first) return Number.NaN;
  }
  return day * MS_PER_DAY + timeMs + fractionMs - offsetMsAt(instant, at);
}

const TWO_DIGITS = Array.from({ length: 60 }, (_, value) => String(value).padStart(2, '0'));
const THREE_DIGITS = Array.from({ length: 1000 }, (_, value) => String(value).padStart(3, '0'));

// Instants that are written come from the same hours: their date is kept rather than computed each time.
let writtenDay = Number.NaN;
let writtenDate = '';

/** The first instant whose year has five digits, which RFC 3339 cannot say. */
const YEAR_10000_MS = 253_402_300_800_000;

/** RFC 3339 with milliseconds, in UTC, of a whole number of epoch ms that `Date` can hold. */
export function rfc3339Of(epochMs: number): string {
  const day = Math.floor(epochMs / MS_PER_DAY);
  if (day !== writtenDay) {
    const text = new Date(epochMs).toISOString();
    writtenDate = text.slice(0, -'hh:mm:ss.sssZ'.length);
    writtenDay = day;
  }
  const ofDayMs = epochMs - day * MS_PER_DAY;
  const hours = TWO_DIGITS[Math.floor(ofDayMs / MS_PER_HOUR)] ?? '';
  const minutes = TWO_DIGITS[Math.floor(ofDayMs / MS_PER_MINUTE) % 60] ?? '';
  const seconds = TWO_DIGITS[Math.floor(ofDayMs / MS_PER_SECOND) % 60] ?? '';
  const text = `${writtenDate}${hours}:${minutes}:${seconds}.${THREE_DIGITS[ofDayMs % MS_PER_SECOND] ?? ''}Z`;
  if (epochMs >= 0 && epochMs < YEAR_10000_MS) remember(text, epochMs);
  return text;
}
