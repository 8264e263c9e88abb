import { SETTINGS } from './settings.ts';

/** Settings by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Raised with every bad setting at once. */
export class ConfigError extends Error {
  readonly code = 'bad_settings';
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(`Bad settings:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

/** Reads settings by name and remembers what was wrong with them. */
export class SettingReader {
  readonly problems: string[] = [];
  readonly #env: Environment;

  constructor(env: Environment) {
    this.#env = env;
  }

  text(name: string): string | undefined {
    const given = this.#env[name];
    if (given !== undefined && given !== '') return given;
    return SETTINGS.find((setting) => setting.name === name)?.default;
  }

  /** A setting this role cannot do without. */
  needed(name: string): string {
    const value = this.text(name);
    if (value === undefined)
      this.problems.push(`${name} is not set: ${SETTINGS.find((setting) => setting.name === name)?.description ?? ''}`);
    return value ?? '';
  }

  integer(name: string, minimum: number, maximum: number): number {
    const value = this.needed(name);
    const number = /^\d{1,9}$/.test(value) ? Number(value) : Number.NaN;
    if (value !== '' && !(number >= minimum && number <= maximum)) {
      this.problems.push(`${name} must be a whole number from ${String(minimum)} to ${String(maximum)}.`);
    }
    return number;
  }

  /** A number of dollars, not negative. */
  dollars(name: string): number {
    const value = this.needed(name);
    const number = /^\d{1,9}(?:\.\d{1,9})?$/.test(value) ? Number(value) : Number.NaN;
    if (value !== '' && Number.isNaN(number)) this.problems.push(`${name} must be a number like 0.01, not negative.`);
    return number;
  }

  /** A share from 0 to 1. */
  share(name: string): number {
    const value = this.needed(name);
    const number = /^(?:0(?:\.\d{1,9})?|1(?:\.0{1,9})?)$/.test(value) ? Number(value) : Number.NaN;
    if (value !== '' && Number.isNaN(number)) this.problems.push(`${name} must be a number from 0 to 1, like 0.05.`);
    return number;
  }

  url(name: string, value: string): string {
    if (value !== '' && !(URL.canParse(value) && ['http:', 'https:'].includes(new URL(value).protocol))) {
      this.problems.push(`${name} must be an http or https URL.`);
    }
    return value;
  }

  json(name: string): Readonly<Record<string, unknown>> {
    const value = this.needed(name);
    if (value === '') return {};
    try {
      const parsed: unknown = JSON.parse(value);
      if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return { ...parsed };
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
    }
    this.problems.push(`${name} must be a JSON object.`);
    return {};
  }
}

/** The parts of a setting that are separated by commas. */
export function listOf(value: string | undefined): string[] {
  return (value ?? '')
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}
