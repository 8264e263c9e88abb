import { UK_TEAMS, US_TEAMS } from './team-plans.ts';
import type { TeamPlan } from './team-plans.ts';

/** One queue of a territory. */
export interface PopulationQueue {
  readonly id: string;
  readonly name: string;
}

/** One team of a territory. */
export interface PopulationTeam {
  readonly id: string;
  readonly name: string;
}

/** One agent: in one team, serving some queues, the first of which is the main one. */
export interface PopulationAgent {
  readonly id: string;
  readonly name: string;
  readonly teamId: string;
  readonly queueIds: readonly string[];
}

/** One SIP trunk and the channels contracted for it. */
export interface PopulationTrunk {
  readonly id: string;
  readonly name: string;
  readonly capacity: number;
}

/** One measured route of the platform's API. */
export interface PopulationService {
  readonly service: string;
  readonly route: string;
}

/** Everything that exists in a territory before any call arrives. */
export interface Population {
  readonly territoryId: number;
  readonly regionId: number;
  readonly name: string;
  readonly timeZone: string;
  readonly queues: readonly PopulationQueue[];
  readonly teams: readonly PopulationTeam[];
  readonly agents: readonly PopulationAgent[];
  readonly trunks: readonly PopulationTrunk[];
  readonly services: readonly PopulationService[];
}

const SERVICES: readonly PopulationService[] = [
  { service: 'voice-api', route: 'POST /calls' },
  { service: 'routing-api', route: 'GET /policies' },
  { service: 'crm-connector', route: 'POST /lookup' },
];

const PLATFORM_SERVICES: readonly PopulationService[] = [
  { service: 'gateway', route: 'POST /v1/events' },
  { service: 'directory-api', route: 'GET /directory' },
];

const agentsOf = (plans: readonly TeamPlan[], firstNumber: number): PopulationAgent[] => {
  const agents: PopulationAgent[] = [];
  for (const plan of plans) {
    for (const name of plan.agents) {
      const id = `ag_${String(firstNumber + agents.length)}`;
      agents.push({ id, name, teamId: plan.id, queueIds: plan.queueIds });
    }
  }
  return agents;
};

const teamsOf = (plans: readonly TeamPlan[]): PopulationTeam[] => plans.map(({ id, name }) => ({ id, name }));

const UK: Population = {
  territoryId: 101,
  regionId: 1,
  name: 'Meridian Home UK',
  timeZone: 'Europe/London',
  queues: [
    { id: 'q_sales', name: 'Sales UK' },
    { id: 'q_support', name: 'Customer Support' },
    { id: 'q_billing', name: 'Billing' },
    { id: 'q_technical', name: 'Technical Help' },
    { id: 'q_retention', name: 'Renewals and Retention' },
    { id: 'q_switchboard', name: 'Switchboard' },
  ],
  teams: teamsOf(UK_TEAMS),
  agents: agentsOf(UK_TEAMS, 1001),
  trunks: [
    { id: 'tr_lon_1', name: 'London Primary', capacity: 60 },
    { id: 'tr_lon_2', name: 'London Secondary', capacity: 30 },
    { id: 'tr_man_1', name: 'Manchester Outbound', capacity: 24 },
  ],
  services: SERVICES,
};

const US: Population = {
  territoryId: 202,
  regionId: 2,
  name: 'Meridian Home US',
  timeZone: 'America/New_York',
  queues: [
    { id: 'q_us_sales', name: 'Sales US' },
    { id: 'q_us_support', name: 'Customer Care' },
    { id: 'q_us_billing', name: 'Billing and Payments' },
    { id: 'q_us_technical', name: 'Tech Support' },
    { id: 'q_us_renewals', name: 'Renewals' },
    { id: 'q_us_frontdesk', name: 'Front Desk' },
  ],
  teams: teamsOf(US_TEAMS),
  agents: agentsOf(US_TEAMS, 2001),
  trunks: [
    { id: 'tr_nyc_1', name: 'New York Primary', capacity: 60 },
    { id: 'tr_nyc_2', name: 'New York Secondary', capacity: 30 },
    { id: 'tr_dal_1', name: 'Dallas Outbound', capacity: 24 },
  ],
  services: SERVICES,
};

/** The territories that have simulated callers. */
export const SIMULATED_TERRITORIES: readonly number[] = [UK.territoryId, US.territoryId];

/**
 * The people and things of a territory: 101 (region 1), 202 (region 2) or the platform territory 0,
 * which every region has, hence the second parameter.
 */
export const populationOf = (territoryId: number, platformRegionId = 1): Population => {
  if (territoryId === UK.territoryId) return UK;
  if (territoryId === US.territoryId) return US;
  if (territoryId === 0) {
    return {
      territoryId: 0,
      regionId: platformRegionId,
      name: 'Platform',
      timeZone: 'UTC',
      queues: [],
      teams: [],
      agents: [],
      trunks: [{ id: 'tr_core_1', name: 'Core Interconnect', capacity: 480 }],
      services: PLATFORM_SERVICES,
    };
  }
  throw new RangeError(
    `population_unknown: no simulated population for territory ${String(territoryId)}; use 0, 101 or 202`,
  );
};
