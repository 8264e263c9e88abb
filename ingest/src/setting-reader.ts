import type { Setting } from './settings.ts';

/** Raised with every bad setting at once. */
export class ConfigError extends Error {
  readonly code = 'bad_settings';

  constructor(problems: readonly string[]) {
    super(`Bad settings:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
    this.name = 'ConfigError';
  }
}

/** Variables of a process. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Reads the settings of a table and collects what is wrong with them. */
export class SettingReader {
  readonly problems: string[] = [];
  private readonly environment: Environment;
  private readonly settings: readonly Setting[];

  constructor(environment: Environment, settings: readonly Setting[]) {
    this.environment = environment;
    this.settings = settings;
    for (const { name, required, type } of settings) {
      if (required === true && (environment[name] ?? '') === '')
        this.problems.push(`${name} is not set: give a ${type}.`);
    }
  }

  optional(name: string): string | undefined {
    const given = this.environment[name];
    if (given !== undefined && given !== '') return given;
    return this.settings.find((setting) => setting.name === name)?.default;
  }

  text(name: string): string {
    return this.optional(name) ?? '';
  }

  integer(name: string, maximum: number): number {
    const text = this.text(name);
    const value = Number(text);
    if (text !== '' && !(/^\d{1,9}$/.test(text) && value <= maximum)) {
      this.problems.push(`${name} must be a whole number of at most ${String(maximum)}.`);
    }
    return value;
  }

  url(name: string): string | undefined {
    const text = this.optional(name);
    if (text !== undefined && text !== '' && !URL.canParse(text)) this.problems.push(`${name} must be a URL.`);
    return text;
  }

  finish(): void {
    if (this.problems.length > 0) throw new ConfigError(this.problems);
  }
}
