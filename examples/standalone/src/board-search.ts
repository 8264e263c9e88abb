import type { DashboardSummary } from '@lumina/sdk';

/** The boards whose title has every word of a search. */
export function matching(boards: readonly DashboardSummary[], search: string): readonly DashboardSummary[] {
  const words = search.toLocaleLowerCase().split(/\s+/u).filter(Boolean);
  return boards.filter(({ title }) => words.every((word) => title.toLocaleLowerCase().includes(word)));
}
