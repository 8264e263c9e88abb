/** A territory of the attack: everything it has bears its mark. */
export interface MarkedTerritory {
  readonly id: number;
  readonly regionId: number;
  /** In every text, name and row of it. No request ever contains it, so a reply can only have it from the territory itself. */
  readonly mark: string;
  /** A mark where only numbers can stand. */
  readonly number: number;
  /** Part of the ids that only this territory has. */
  readonly suffix: string;
}

/** Whose people attack. */
export const OWN: MarkedTerritory = { id: 101, regionId: 1, mark: 'zqownzq', number: 7301.0173, suffix: 'mine' };
/** Its neighbour in the same database and the same store. */
export const NEIGHBOUR: MarkedTerritory = {
  id: 102,
  regionId: 1,
  mark: 'zqneighbourzq',
  number: 7301.0273,
  suffix: 'theirs',
};
/** One of another region whose rows lie here by mistake: its people must not see them here either. */
export const DISTANT: MarkedTerritory = {
  id: 201,
  regionId: 2,
  mark: 'zqdistantzq',
  number: 7302.0173,
  suffix: 'away',
};
/** All of them. */
export const TERRITORIES: readonly MarkedTerritory[] = [OWN, NEIGHBOUR, DISTANT];

/** What of the own territory lies outside of the scope of whoever has one. */
export const OUTSIDE_MARK = 'zqoutsidezq';
/** What belongs to one person alone. */
export const PRIVATE_MARK = 'zqprivatezq';
/** What nobody is ever shown. */
export const SECRET_MARK = 'zqsecretzq';
/** Of region 2's own answers, to whatever reaches it. */
export const REGION_2_MARK = 'zqregiontwozq';

/** What a scope of the attack is limited to. */
export const SCOPE = { queues: ['q_same'], teams: ['t_same'] };

const CLIENT_ID_LENGTH = 22;

/** The id of a registered client; of one region no two are alike. */
export function clientIdOf(suffix: string): string {
  return `r1_${suffix.padEnd(CLIENT_ID_LENGTH, 'x')}`;
}

/** The subject of a person as a path names it. */
function personOf(subject: string): string {
  return `~${Buffer.from(subject, 'utf8').toString('base64url')}`;
}

/** Kinds of things that routes name, by the word of the path before the parameter. */
const ID_KINDS: Readonly<Record<string, (suffix: string) => string>> = {
  dashboards: (suffix) => `board_${suffix}`,
  versions: (suffix) => ({ same: '1', mine: '2', outside: '3', private: '1' })[suffix] ?? '9',
  drafts: (suffix) => `draft_${suffix}`,
  queues: (suffix) => `q_${suffix}`,
  agents: (suffix) => `ag_${suffix}`,
  custom: (suffix) => `custom:${suffix}`,
  'ingest-keys': (suffix) => `key_${suffix}`,
  clients: clientIdOf,
  invitations: (suffix) => `inv_${suffix}`,
  users: (suffix) => personOf(`auth0|${suffix}`),
  widgets: (suffix) => `w_${suffix}`,
  webhooks: (suffix) => `hook_${suffix}`,
  alerts: (suffix) => `rule_${suffix}`,
  live: (suffix) => `stream-${suffix}`,
};

/** What an id names, seen from the own territory. */
export const ID_OWNERS = [
  'same',
  OWN.suffix,
  NEIGHBOUR.suffix,
  DISTANT.suffix,
  'outside',
  'private',
  'missing',
] as const;

/** Ids that a parameter may be given. A word that is not known here is attacked with the ids of everything. */
export function idsOf(word: string, owner: string): readonly string[] {
  if (word === 'directory') return ['queues', 'teams', 'agents', 'trunks'];
  const kind = Object.hasOwn(ID_KINDS, word) ? ID_KINDS[word] : undefined;
  return kind === undefined ? Object.values(ID_KINDS).map((idOf) => idOf(owner)) : [kind(owner)];
}
