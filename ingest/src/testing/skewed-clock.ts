// Loaded before a worker (`node --import`): its clock is wrong by FAULTS_CLOCK_SKEW_MS.
const skewMs = Number(process.env['FAULTS_CLOCK_SKEW_MS'] ?? 0);
const RightDate = Date;

class WrongDate extends RightDate {
  constructor(...given: [] | ConstructorParameters<typeof RightDate>) {
    if (given.length === 0) super(RightDate.now() + skewMs);
    else super(...given);
  }

  static override now(): number {
    return RightDate.now() + skewMs;
  }
}

globalThis.Date = WrongDate as DateConstructor;
