import { directoryKindOf } from '../../client/directory.ts';
import type { TileView } from '../../client/tile-view.ts';
import type { LuminaScope } from '../../controllers/lumina-scope.ts';

/** Resolves once the names of what tiles show are known, or cannot be: a file is read where nobody can look up ids. */
export async function namesLoaded(
  scope: LuminaScope | undefined,
  tiles: Iterable<{ readonly view: TileView | undefined }>,
): Promise<void> {
  if (scope === undefined) return;
  const shown = [...tiles].flatMap(({ view }) => view?.series ?? []);
  // Asking for a name is what makes the resolver load it.
  for (const { dimension, value } of shown) scope.names.nameOf(dimension, value);
  const kinds = new Set(shown.flatMap(({ dimension }) => directoryKindOf(dimension) ?? []));
  await Promise.allSettled([...kinds].map((kind) => scope.client.directory(kind)));
}
