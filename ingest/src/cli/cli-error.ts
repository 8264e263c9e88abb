/** What went wrong with a command; the code is stable, the exit status says whose the fault is. */
const EXIT_STATUS = {
  /** The command line or a setting is wrong. */
  usage: 2,
  bad_settings: 2,
  confirmation_needed: 2,
  /** What was asked for is not there. */
  not_found: 1,
  /** A service failed. */
  archive_unavailable: 1,
  stream_unavailable: 1,
  incomplete: 1,
} as const;

/** A failed command: told in one line, without a stack. */
export class CliError extends Error {
  readonly code: keyof typeof EXIT_STATUS;

  constructor(code: keyof typeof EXIT_STATUS, message: string) {
    super(message);
    this.name = 'CliError';
    this.code = code;
  }

  get exitStatus(): number {
    return EXIT_STATUS[this.code];
  }
}
