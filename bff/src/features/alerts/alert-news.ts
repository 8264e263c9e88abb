import type { Identity } from '../../auth/identity.ts';
import type { AlertNews, Announcement } from '../../live/index.ts';
import type { AlertBook } from './alert-book.ts';
import { isWithinScope } from './alert-scope.ts';
import type { KnownRule } from './evaluation-store.ts';

/** A rule that something has happened to at least once. */
type ToldRule = KnownRule & { readonly state: NonNullable<KnownRule['state']> };

const hasNews = (rule: KnownRule): rule is ToldRule => (rule.state?.number ?? 0) > 0;

function newsOf({ id, draft, state }: ToldRule): AlertNews {
  // What waits to fire, or has nothing to decide by, is quiet to whoever only hears of alerts.
  const isFiring = state.phase === 'alerting';
  return {
    ruleId: id,
    state: isFiring ? 'alerting' : 'normal',
    since: state.sinceMs,
    value: state.value,
    name: draft.name,
    metric: draft.metric,
    severity: draft.severity,
    filters: draft.filters ?? [],
  };
}

const maySee =
  ({ scope, territoryId }: KnownRule) =>
  (identity: Identity): boolean =>
    identity.territoryId === territoryId &&
    identity.permissions.includes('metrics:read') &&
    isWithinScope(scope, identity.scope);

/** Where the alerts are that an identity may hear of. */
export function newsFor(book: AlertBook, identity: Identity): readonly AlertNews[] {
  return book.rules
    .filter(hasNews)
    .filter((rule) => maySee(rule)(identity))
    .map(newsOf);
}

/** Tells what happens from now on, by whichever process it was found out: once per transition that the book shows. */
export function announceNews(book: AlertBook, tell: (announcement: Announcement) => void): void {
  let numbers = new Map<string, { readonly rule: ToldRule; readonly number: number }>();
  let isFirst = true;
  book.onChange(() => {
    const before = numbers;
    numbers = new Map(
      book.rules
        .filter(hasNews)
        .map((rule) => [`${String(rule.territoryId)} ${rule.id}`, { rule, number: rule.state.number }]),
    );
    // What happened before this process began is told to each stream as it begins.
    if (!isFirst) {
      for (const [key, { rule, number }] of numbers) {
        if (before.get(key)?.number !== number)
          tell({ territoryId: rule.territoryId, news: newsOf(rule), mayHear: maySee(rule) });
      }
      // A rule that was deleted is resolved and gone in the same moment.
      for (const [key, { rule }] of before) {
        if (numbers.has(key) || rule.state.phase !== 'alerting') continue;
        const news: AlertNews = { ...newsOf(rule), state: 'normal', since: Date.now(), value: null };
        tell({ territoryId: rule.territoryId, news, mayHear: maySee(rule) });
      }
    }
    isFirst = false;
  });
}
