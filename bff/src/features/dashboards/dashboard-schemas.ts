import Type from 'typebox';
import { ROLES } from '@lumina/contracts';
import { DashboardSchema } from '@lumina/contracts/schemas';
import { ACCESS_LEVELS, GRANTEE_KINDS, GRANT_LEVELS, VISIBILITIES } from './dashboard-access.ts';

const closed = { additionalProperties: false } as const;
const MAX_GRANTS = 100;
/** Dashboards of one page. */
export const PAGE_SIZE = { usual: 200, most: 500 } as const;

const SubjectSchema = Type.String({ minLength: 1, maxLength: 255 });
const FolderSchema = Type.String({
  maxLength: 120,
  pattern: '^$|^[^/\\s](?:[^/]*[^/\\s])?(?:/[^/\\s](?:[^/]*[^/\\s])?)*$',
  description: 'Names with / between them; empty = at the top',
});
const VisibilitySchema = Type.Enum([...VISIBILITIES], {
  description: 'private: the owner; groups: those with a grant too; territory: everyone',
});
const TitleSchema = DashboardSchema.properties.title;

/** A dashboard in a list. */
export const SummarySchema = Type.Object({
  id: Type.String(),
  title: Type.String(),
  version: Type.Integer(),
  updatedAt: Type.String(),
  updatedBy: Type.String(),
  owner: Type.String({ description: 'Subject of whoever owns it' }),
  folder: Type.String(),
  visibility: VisibilitySchema,
  isTemplate: Type.Boolean(),
  access: Type.Enum([...ACCESS_LEVELS], { description: 'What the caller may do with it' }),
  deletedAt: Type.Optional(Type.String()),
});
/** Reply of the list. */
export const SummaryListSchema = Type.Object({
  items: Type.Array(SummarySchema),
  next: Type.Union([Type.String(), Type.Null()], { description: 'The cursor of the page after this one' }),
});
/** A dashboard with its body. */
export const StoredDashboardSchema = Type.Object({ ...SummarySchema.properties, body: DashboardSchema });

const versionProperties = {
  id: Type.String(),
  title: Type.String(),
  version: Type.Integer(),
  updatedAt: Type.String(),
  updatedBy: Type.String(),
};
const draftProperties = {
  draft: Type.String(),
  title: Type.String(),
  baseVersion: Type.Integer({ description: 'The version that the author had changed' }),
  createdAt: Type.String(),
};
/** Reply of the history. */
export const HistorySchema = Type.Object({
  items: Type.Array(Type.Object(versionProperties)),
  drafts: Type.Array(Type.Object(draftProperties), {
    description: "What conflicts refused of the caller's own, newest first",
  }),
});
/** One version. */
export const VersionSchema = Type.Object({ ...versionProperties, body: DashboardSchema });
/** One refused draft. */
export const DraftSchema = Type.Object({ ...draftProperties, body: DashboardSchema });

/** Query of the list. */
export const ListQuerySchema = Type.Object(
  {
    folder: Type.Optional(FolderSchema),
    q: Type.Optional(Type.String({ maxLength: 100, description: 'Part of the title, any case' })),
    mine: Type.Optional(Type.Enum(['true', 'false'])),
    template: Type.Optional(Type.Enum(['true', 'false'])),
    deleted: Type.Optional(
      Type.Enum(['true', 'false'], { description: 'Those deleted in the last 30 days, instead of the others' }),
    ),
    limit: Type.Optional(Type.String({ pattern: '^[1-9]\\d{0,2}$', description: 'At most 500; default 200' })),
    cursor: Type.Optional(Type.String({ maxLength: 1_000 })),
  },
  closed,
);

/** Query of a creation: where the new dashboard goes. */
export const PlaceQuerySchema = Type.Object(
  { folder: Type.Optional(FolderSchema), visibility: Type.Optional(VisibilitySchema) },
  closed,
);
/** Body of a copy. */
export const CopySchema = Type.Object(
  {
    title: Type.Optional(TitleSchema),
    folder: Type.Optional(FolderSchema),
    visibility: Type.Optional(VisibilitySchema),
  },
  closed,
);

const GrantSchema = Type.Object(
  {
    kind: Type.Enum([...GRANTEE_KINDS]),
    to: Type.String({
      minLength: 1,
      maxLength: 255,
      description: `user: a subject; team: the id of a team of the directory; role: the weakest of ${ROLES.join(', ')}`,
    }),
    may: Type.Enum([...GRANT_LEVELS]),
  },
  closed,
);
const settingsProperties = {
  owner: SubjectSchema,
  folder: FolderSchema,
  visibility: VisibilitySchema,
  everyoneMay: Type.Enum([...GRANT_LEVELS], { description: 'What visibility territory gives to everyone' }),
  grants: Type.Array(GrantSchema, { maxItems: MAX_GRANTS }),
  isTemplate: Type.Boolean(),
};
/** Who may what with a dashboard. */
export const SettingsSchema = Type.Object(settingsProperties);
/** What to change of that; members that are absent stay. */
export const SettingsChangeSchema = Type.Partial(Type.Object(settingsProperties), closed);
