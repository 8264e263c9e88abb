import Type from 'typebox';
import { DashboardSchema, TerritorySettingsSchema } from '@lumina/contracts/schemas';

const TerritoryId = Type.Integer({ minimum: 0, maximum: 2_147_483_647 });
const Id = Type.String({ minLength: 1, maxLength: 200 });
const Name = Type.String({ minLength: 1, maxLength: 200 });
const closed = { additionalProperties: false } as const;
const named = { territoryId: TerritoryId, id: Id, name: Name, externalId: Type.Optional(Id) };

const NamedSchema = Type.Object(named, closed);

/** The file that the import command takes: what a territory is made of, as other systems know it. */
export const SeedSchema = Type.Object(
  {
    territories: Type.Array(
      Type.Object(
        {
          id: TerritoryId,
          regionId: Type.Integer({ minimum: 1, maximum: 6 }),
          name: Name,
          timeZone: Type.String({ minLength: 1, maxLength: 64 }),
        },
        closed,
      ),
    ),
    queues: Type.Optional(Type.Array(NamedSchema)),
    teams: Type.Optional(Type.Array(NamedSchema)),
    agents: Type.Optional(Type.Array(Type.Object({ ...named, teamId: Type.Optional(Id) }, closed))),
    trunks: Type.Optional(Type.Array(NamedSchema)),
    queueMembers: Type.Optional(
      Type.Array(Type.Object({ territoryId: TerritoryId, queueId: Id, agentId: Id }, closed)),
    ),
    ingestKeys: Type.Optional(
      Type.Array(
        Type.Object(
          { territoryId: TerritoryId, hash: Type.String({ pattern: '^[0-9a-f]{64}$' }), label: Name },
          closed,
        ),
      ),
    ),
    dashboards: Type.Optional(
      Type.Array(
        Type.Object(
          {
            territoryId: TerritoryId,
            id: Type.String({ pattern: '^[A-Za-z0-9_-]{1,64}$' }),
            title: Name,
            body: DashboardSchema,
          },
          closed,
        ),
      ),
    ),
    /** Only where nobody has stored any. */
    settings: Type.Optional(
      Type.Array(Type.Object({ territoryId: TerritoryId, body: TerritorySettingsSchema }, closed)),
    ),
    /** Without a territory they are offered to all. */
    widgets: Type.Optional(
      Type.Array(
        Type.Object({ id: Id, territoryId: Type.Optional(TerritoryId), title: Name, body: Type.Unknown() }, closed),
      ),
    ),
  },
  closed,
);

/** A checked seed file. */
export type Seed = Type.Static<typeof SeedSchema>;
