import { ContextRoot } from '@lit/context';

let root: ContextRoot | undefined;

/**
 * Remembers tags that looked for a provider before its tag was defined, and leads them to it once it is: the order in
 * which a page loads its scripts must not matter.
 */
export function awaitLateProviders(): void {
  if (root !== undefined) return;
  root = new ContextRoot();
  root.attach(document.documentElement);
}
