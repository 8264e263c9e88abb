import { setTimeout as delay } from 'node:timers/promises';

import { startFaultCloud, VISIBLE_WITHIN_MS } from './cloud.ts';
import type { RunContext, Scale, Scenario, ScenarioContext } from './scenario.ts';
import { failpoints, killsAtTheStore, randomKills } from './scenarios/kills.ts';
import { lostAnswers, rewoundIterators, zombie } from './scenarios/redelivery.ts';
import {
  faultyStream,
  handOver,
  poison,
  resharding,
  skewedClocks,
  storeOutage,
  throttledStore,
} from './scenarios/services.ts';
import { Site } from './site.ts';
import { StoredTotals } from './stored-totals.ts';
import { Random } from './traffic/random.ts';
import { makeTraffic, type Traffic } from './traffic/traffic.ts';

/** Those that wait most come first, so that the others run beside them. */
const SCENARIOS: readonly Scenario[] = [
  failpoints,
  randomKills,
  throttledStore,
  storeOutage,
  zombie,
  resharding,
  handOver,
  skewedClocks,
  faultyStream,
  rewoundIterators,
  killsAtTheStore,
  lostAnswers,
  poison,
];
const SHORT: Scale = { isLong: false, calls: 60, drainMs: 60_000, limitMs: 150_000 };
const LONG: Scale = { isLong: true, calls: 600, drainMs: 300_000, limitMs: 1_200_000 };
const AT_ONCE = 4;
const FIRST_TERRITORY = 1000;
const SHOWN_VIOLATIONS = 5;

/** What is to be run. */
export interface RunOptions {
  readonly isLong: boolean;
  readonly seed: number;
  /** Scenarios whose name has this in it; all when empty. */
  readonly only: string;
}

interface Job {
  readonly scenario: Scenario;
  readonly control: string | undefined;
  readonly number: number;
}

interface Report {
  readonly title: string;
  readonly isPassed: boolean;
  readonly events: number;
  readonly kills: number;
  readonly cells: number;
  readonly seconds: number;
  readonly figures: Readonly<Record<string, number>>;
  readonly complaints: readonly string[];
}

function jobsOf({ only }: RunOptions): Job[] {
  return SCENARIOS.filter(({ name }) => name.includes(only))
    .flatMap((scenario) => [undefined, ...Object.keys(scenario.controls)].map((control) => ({ scenario, control })))
    .map((job, number) => ({ ...job, number }));
}

/** What the job was to show, and did not. */
function complaintsOf({ scenario, control }: Job, violations: readonly string[]): string[] {
  if (control === undefined) return [...violations];
  const found = scenario.controls[control];
  return violations.some((violation) => found?.test(violation)) ? [] : ['the defect was not found', ...violations];
}

/** What a scenario came to, unless it takes for ever. */
async function within<T>(limitMs: number, running: Promise<T>): Promise<T> {
  const limit = new AbortController();
  const late = delay(limitMs, undefined, { signal: limit.signal }).then(() => {
    throw new Error(`The scenario came to no end in ${String(limitMs / 1000)} s.`);
  });
  try {
    return await Promise.race([running, late]);
  } finally {
    limit.abort();
    late.catch(() => {
      // Its end was waited for no longer.
    });
  }
}

async function runJob(job: Job, { cloud, scale, seed }: RunContext): Promise<Report> {
  const { scenario, control, number } = job;
  const startMs = performance.now();
  const first = FIRST_TERRITORY + number * 10;
  const territories = [first, first + 1];
  const sites: Site[] = [];
  let traffic: Traffic | undefined;
  const context: ScenarioContext = {
    scale,
    control,
    random: new Random(seed + number),
    traffic: (options) => {
      traffic = makeTraffic({ seed: seed * 1000 + number, territories, calls: scale.calls, ...options });
      return traffic;
    },
    open: async (shards) => {
      const site = await Site.open(cloud, `f${String(number)}`, territories, shards);
      sites.push(site);
      return site;
    },
  };
  let complaints: string[];
  let figures = {};
  try {
    const result = await within(scale.limitMs, scenario.run(context));
    complaints = complaintsOf(job, result.violations);
    figures = result.figures ?? {};
  } catch (error) {
    // A scenario that comes to no end shows nothing, not even a defect.
    complaints = [error instanceof Error ? error.message : String(error)];
  } finally {
    for (const site of sites) await site.close();
  }
  return {
    title: control === undefined ? scenario.name : `${scenario.name}, must fail with ${control}`,
    isPassed: complaints.length === 0,
    events: sites.reduce((sum, { producer }) => sum + producer.put, 0),
    kills: sites.reduce((sum, { kills }) => sum + kills, 0),
    cells: traffic?.totals.size ?? 0,
    seconds: (performance.now() - startMs) / 1000,
    figures,
    complaints,
  };
}

function lineOf({ title, isPassed, events, kills, cells, seconds, figures, complaints }: Report): string {
  const told = Object.entries(figures).map(([name, value]) => `, ${name} ${String(value)}`);
  const counts = `${String(events)} events, ${String(kills)} kills, ${String(cells)} cells${told.join('')}`;
  const shown = complaints.slice(0, SHOWN_VIOLATIONS).map((complaint) => `\n    ${complaint}`);
  const more = complaints.length > shown.length ? `\n    and ${String(complaints.length - shown.length)} more` : '';
  return `${isPassed ? '✔' : '✖'} ${title.padEnd(66)} ${seconds.toFixed(1).padStart(6)} s  ${counts}${shown.join('')}${more}\n`;
}

async function accountsReport(url: string): Promise<Report> {
  const totals = new StoredTotals(url);
  await delay(VISIBLE_WITHIN_MS);
  const { deliveries, settled } = await totals.accounts();
  totals.close();
  const isPassed = deliveries === settled;
  return {
    title: 'every delivery is accounted for in one class',
    isPassed,
    events: deliveries,
    kills: 0,
    cells: 1,
    seconds: 0,
    figures: {},
    complaints: isPassed ? [] : [`${String(deliveries)} deliveries, ${String(settled)} in classes`],
  };
}

/** Runs every scenario, some at once, writes a line about each, and answers how many passed and failed. */
export async function runFaults(
  options: RunOptions,
  print: (text: string) => void,
): Promise<{ passed: number; failed: number }> {
  const startMs = performance.now();
  const cloud = await startFaultCloud();
  const reports: Report[] = [];
  try {
    const context = { cloud, scale: options.isLong ? LONG : SHORT, seed: options.seed };
    const waiting = jobsOf(options);
    const lane = async (): Promise<void> => {
      for (let job = waiting.shift(); job !== undefined; job = waiting.shift()) {
        const report = await runJob(job, context);
        reports.push(report);
        print(lineOf(report));
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, lane));
    const accounts = await accountsReport(cloud.timestreamUrl);
    reports.push(accounts);
    print(lineOf(accounts));
  } finally {
    await cloud.close();
  }
  const sum = (of: 'events' | 'kills' | 'cells'): number =>
    reports.slice(0, -1).reduce((total, report) => total + report[of], 0);
  print(
    `${String(sum('events'))} events, ${String(sum('kills'))} kills, ${String(sum('cells'))} cells compared in ` +
      `${((performance.now() - startMs) / 1000).toFixed(1)} s, seed ${String(options.seed)}\n`,
  );
  const passed = reports.filter(({ isPassed }) => isPassed).length;
  return { passed, failed: reports.length - passed };
}
