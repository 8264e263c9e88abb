import type { RowScope } from '@lumina/contracts';
import type { Tenant } from '../../config-store/tenant.ts';
import type { DirectoryStore } from '../directory/directory-store.ts';

const KINDS = ['queues', 'teams', 'agents'] as const;
const MAX_TOLD = 20;

/** Says which ids of a scope the directory does not know: they allow nothing yet, and may be misspelt. */
export async function scopeWarnings(
  directory: Pick<DirectoryStore, 'list'>,
  tenant: Tenant,
  scope: RowScope | undefined,
): Promise<string[]> {
  const warnings: string[] = [];
  for (const kind of KINDS) {
    const ids = scope?.[kind] ?? [];
    if (ids.length === 0) continue;
    const entries = await directory.list(tenant, kind, { scope: { [kind]: ids }, limit: ids.length });
    const known = new Set(entries.map(({ id }) => id));
    for (const id of ids) if (!known.has(id)) warnings.push(`scope/${kind}: the directory has no ${id}.`);
  }
  return warnings.slice(0, MAX_TOLD);
}
