/** Where a path leads. */
export type Route =
  | { readonly page: 'list' }
  | { readonly page: 'board'; readonly id: string }
  | { readonly page: 'settings' }
  | { readonly page: 'not-found' };

/** Paths of the pages. */
export const PATHS = { list: '/', settings: '/settings' } as const;

/** The path of a board. */
export function boardPath(id: string): string {
  return `/boards/${encodeURIComponent(id)}`;
}

function decoded(part: string): string | undefined {
  try {
    return decodeURIComponent(part);
  } catch {
    // A stray % is a mistyped address, which is what the not-found page is for.
    return undefined;
  }
}

/** Which page a path names. A slash at the end makes no difference. */
export function routeOf(pathname: string): Route {
  const parts = pathname.split('/').filter((part) => part !== '');
  const [first, second, ...rest] = parts;
  if (first === undefined) return { page: 'list' };
  if (first === 'settings' && second === undefined) return { page: 'settings' };
  if (first === 'boards' && second === undefined) return { page: 'list' };
  if (first === 'boards' && second !== undefined && rest.length === 0) {
    const id = decoded(second);
    if (id !== undefined) return { page: 'board', id };
  }
  return { page: 'not-found' };
}
