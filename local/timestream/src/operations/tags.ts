import { notFoundError, validationError } from '../errors.ts';
import { MAX_TAGS } from '../protocol/shapes.ts';
import type { Tag } from '../store/catalog.ts';
import type { OperationContext, Operations } from './context.ts';

/** TagResource, UntagResource, ListTagsForResource. */
export const tagOperations: Pick<Operations, 'ListTagsForResource' | 'TagResource' | 'UntagResource'> = {
  ListTagsForResource: (context) => Promise.resolve({ Tags: taggedResource(context).tags }),

  TagResource: (context) =>
    context.region.lock.run(async () => {
      const { tags, store } = taggedResource(context);
      const merged = new Map([...tags, ...context.body.Tags].map((tag) => [tag.Key, tag.Value]));
      if (merged.size > MAX_TAGS) throw validationError(`A resource can have at most ${MAX_TAGS} tags.`);
      await store([...merged].map(([Key, Value]) => ({ Key, Value })));
      return {};
    }),

  UntagResource: (context) =>
    context.region.lock.run(async () => {
      const keys = new Set(context.body.TagKeys);
      const { tags, store } = taggedResource(context);
      await store(tags.filter((tag) => !keys.has(tag.Key)));
      return {};
    }),
};

function taggedResource(context: OperationContext<{ ResourceARN: string }>): {
  tags: Tag[];
  store: (tags: Tag[]) => Promise<void>;
} {
  const arn = context.body.ResourceARN;
  const { catalog } = context.region;
  const [, databaseName, tableName] = /:database\/([^/]+)(?:\/table\/([^/]+))?$/.exec(arn) ?? [];
  const database = catalog.databases.get(databaseName ?? '');
  if (database !== undefined && tableName === undefined) {
    return { tags: database.tags, store: (tags) => catalog.putDatabase({ ...database, tags }) };
  }
  const table = catalog.table(databaseName ?? '', tableName ?? '');
  if (table === undefined) throw notFoundError(`The resource ${arn} does not exist.`);
  return { tags: table.tags, store: (tags) => catalog.updateTable(table, { tags }) };
}
