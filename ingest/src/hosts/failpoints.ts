/** Where a worker can be told to die: between the steps of a page, in their order. */
export const FAILPOINT_NAMES = [
  'after-read',
  'after-decode',
  'before-write',
  'after-write',
  'after-dead-letters',
  'before-publish',
  'after-publish',
  'before-checkpoint',
  'after-checkpoint',
] as const;
/** One place where a worker can be told to die. */
export type FailpointName = (typeof FAILPOINT_NAMES)[number];

/** Told of every place that a worker passes. */
export interface Failpoints {
  hit(name: FailpointName): void;
}

/** `<name>:kill` or `<name>:kill:<n>`: the process kills itself at its n-th time at a place. */
const KILL = /^([a-z-]+):kill(?::([1-9]\d{0,8}))?$/;

/** A name and how often it may be passed, read from a setting; undefined when it says nothing of the kind. */
export function parseFailpoint(spec: string): { name: FailpointName; hits: number } | undefined {
  const [, text, hits = '1'] = KILL.exec(spec) ?? [];
  const name = FAILPOINT_NAMES.find((known) => known === text);
  return name === undefined ? undefined : { name, hits: Number(hits) };
}

function killSelf(): void {
  process.kill(process.pid, 'SIGKILL');
}

/** Failpoints of a setting, as `after-write:kill:3`; without one, none of them does anything. */
export function createFailpoints(spec: string | undefined, kill: () => void = killSelf): Failpoints {
  const wanted = spec === undefined ? undefined : parseFailpoint(spec);
  if (wanted === undefined) return { hit: (): void => undefined };
  let left = wanted.hits;
  return {
    hit(name): void {
      if (name !== wanted.name) return;
      left -= 1;
      if (left === 0) kill();
    },
  };
}
