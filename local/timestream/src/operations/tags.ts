import { notFoundError, validationError } from '../errors.ts';
import { asArray, asObject, requiredString } from '../protocol/shape.ts';
import type { JsonValue } from '../protocol/json.ts';
import type { Tag } from '../store/catalog.ts';
import type { Operation, OperationContext } from './context.ts';

const MAX_TAGS = 200;

/** The tags of a request. */
export function readTags(value: JsonValue | undefined): Tag[] {
  const tags = asArray(value, 'tags').map((item, index) => {
    const path = `tags.${index + 1}.member`;
    const tag = asObject(item, path);
    return { Key: requiredString(tag, 'Key', `${path}.key`), Value: requiredString(tag, 'Value', `${path}.value`) };
  });
  if (tags.length > MAX_TAGS) throw validationError(`A resource can have at most ${MAX_TAGS} tags.`);
  return tags;
}

/** TagResource, UntagResource, ListTagsForResource. */
export const tagOperations: Record<string, Operation> = {
  ListTagsForResource: (context) => Promise.resolve({ Tags: taggedResource(context).tags }),

  TagResource: (context) =>
    context.region.lock.run(async () => {
      const added = readTags(context.body['Tags']);
      const { tags, store } = taggedResource(context);
      const merged = new Map([...tags, ...added].map((tag) => [tag.Key, tag.Value]));
      if (merged.size > MAX_TAGS) throw validationError(`A resource can have at most ${MAX_TAGS} tags.`);
      await store([...merged].map(([Key, Value]) => ({ Key, Value })));
      return {};
    }),

  UntagResource: (context) =>
    context.region.lock.run(async () => {
      const keys = new Set(asArray(context.body['TagKeys'], 'tagKeys'));
      const { tags, store } = taggedResource(context);
      await store(tags.filter((tag) => !keys.has(tag.Key)));
      return {};
    }),
};

function taggedResource(context: OperationContext): { tags: Tag[]; store: (tags: Tag[]) => Promise<void> } {
  const arn = requiredString(context.body, 'ResourceARN', 'resourceARN');
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
