import type { ServiceLevelFormula } from './definition.ts';

/**
 * A house style of definitions: sets the rules of service level, speed of answer, abandons and handle time at once, so
 * that numbers compare with those of the product a team comes from.
 */
export interface DefinitionPreset {
  readonly id: DefinitionPresetId;
  readonly title: string;
  readonly serviceLevel: {
    readonly formula: ServiceLevelFormula;
    /** T, seconds. */
    readonly thresholdS: number;
    /** S, seconds; 0 = no abandon is too short to count. */
    readonly shortAbandonS: number;
  };
  /** Whose waits the speed of answer averages: those answered, or all who left. */
  readonly speedOfAnswer: 'answered' | 'all';
  readonly abandonRate: {
    /** All who left the queue, or only those answered or abandoned. */
    readonly outOf: 'left' | 'answered_and_abandoned';
    /** Whether abandons within S are left out. */
    readonly excludesShort: boolean;
  };
  /** Whether handle time includes the work after the contact. */
  readonly handleTimeIncludesAfterCallWork: boolean;
  readonly source: string;
}

/** Ids of the presets. */
export const DEFINITION_PRESET_IDS = ['lumina', 'connect', 'genesys', 'talkdesk'] as const;
/** Id of a preset. */
export type DefinitionPresetId = (typeof DEFINITION_PRESET_IDS)[number];

/** The presets; `lumina` is what a territory has until it chooses. */
export const DEFINITION_PRESETS: Readonly<Record<DefinitionPresetId, DefinitionPreset>> = {
  lumina: {
    id: 'lumina',
    title: 'Lumina',
    serviceLevel: { formula: 'SL6', thresholdS: 20, shortAbandonS: 5 },
    speedOfAnswer: 'answered',
    abandonRate: { outOf: 'left', excludesShort: false },
    handleTimeIncludesAfterCallWork: true,
    source: 'Lumina',
  },
  connect: {
    id: 'connect',
    title: 'Amazon Connect style',
    serviceLevel: { formula: 'SL1', thresholdS: 20, shortAbandonS: 0 },
    speedOfAnswer: 'answered',
    abandonRate: { outOf: 'left', excludesShort: false },
    handleTimeIncludesAfterCallWork: true,
    source: 'Amazon Connect administrator guide, historical metrics definitions',
  },
  genesys: {
    id: 'genesys',
    title: 'Genesys style',
    serviceLevel: { formula: 'SL7', thresholdS: 20, shortAbandonS: 0 },
    speedOfAnswer: 'answered',
    abandonRate: { outOf: 'left', excludesShort: false },
    handleTimeIncludesAfterCallWork: true,
    source: 'Genesys Cloud, service level with abandons and flow-outs included; its switches are per organisation',
  },
  talkdesk: {
    id: 'talkdesk',
    title: 'Talkdesk style',
    serviceLevel: { formula: 'SL6', thresholdS: 20, shortAbandonS: 5 },
    speedOfAnswer: 'all',
    abandonRate: { outOf: 'answered_and_abandoned', excludesShort: true },
    handleTimeIncludesAfterCallWork: true,
    source: 'Talkdesk, service level and average wait; short abandons excluded',
  },
};
