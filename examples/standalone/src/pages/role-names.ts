import { msg } from '@lit/localize';

const NAMES: Readonly<Record<string, () => string>> = {
  viewer: () => msg('Viewer', { id: 'page.role.viewer' }),
  editor: () => msg('Editor', { id: 'page.role.editor' }),
  admin: () => msg('Administrator', { id: 'page.role.admin' }),
  super_admin: () => msg('Operations, all territories', { id: 'page.role.superAdmin' }),
};

/** The name of a role; one that this release does not know shows its id. */
export function roleName(role: string): string {
  return NAMES[role]?.() ?? role;
}
