/** Parts of paths that no documented route has. */
const OTHER_WORDS = ['assets', 'embed', 'healthz', 'internal', 'metrics', 'oauth', 'readyz', 'share', 'token', 'ws'];
/** Stands for whatever a caller has put into a path. */
const LEFT_OUT = '*';

/** The fixed parts of routes: what a log may hold of a path. */
export function pathWordsOf(routes: readonly { readonly path: string }[]): ReadonlySet<string> {
  const words = routes.flatMap(({ path }) => path.split('/').filter((word) => word !== '' && !word.startsWith('{')));
  return new Set([...words, ...OTHER_WORDS]);
}

/** A path as it may be logged: an id, a name, a secret of a link, and anything else that is no word of the API is left out. */
export function loggedPath(path: string, words: ReadonlySet<string>): string {
  return path
    .split('/')
    .map((part) => (part === '' || words.has(part) ? part : LEFT_OUT))
    .join('/');
}
