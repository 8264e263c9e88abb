import { msg, str } from '@lit/localize';
import { MAX_FILTER_VALUES, MY_SCOPE, valuesOfVariable } from '@lumina/contracts';
import type { DashboardVariable, RowScope, VariableKind, VariableValues } from '@lumina/contracts';
import type { DirectoryEntry, DirectoryKind } from '../../client/directory.ts';
import type { BoardIcon } from './board-icons.ts';
import type { MenuGroup, MenuOption } from './menu.ts';

/** The choice of everything, as the value of a menu's option. */
export const EVERYTHING = '';
/** Names on a button before they are counted instead. */
const MAX_NAMES = 2;
/** So many choices are listed at once; of more, the rest is found by search. */
const MAX_LISTED = 60;

/** A variable as the toolbar shows it. */
export interface BoardFilter {
  readonly name: string;
  readonly label: string;
  /** What holds, in words. */
  readonly text: string;
  readonly icon: BoardIcon;
  /** Values of the options that hold. */
  readonly chosen: readonly string[];
  readonly isMultiple: boolean;
  readonly searchLabel: string;
  readonly groups: () => readonly MenuGroup[];
}

interface KindWords {
  readonly directory: DirectoryKind;
  readonly scope: keyof RowScope;
  readonly icon: BoardIcon;
  readonly label: () => string;
  readonly all: () => string;
  readonly mine: () => string;
  readonly search: () => string;
  readonly many: (count: number) => string;
}

/** What each kind of variable is called, and where its choices come from. */
export const VARIABLE_WORDS: Readonly<Record<VariableKind, KindWords>> = {
  queue: {
    directory: 'queues',
    scope: 'queues',
    icon: 'queue',
    label: () => msg('Queue', { id: 'board.variable.queue' }),
    all: () => msg('All queues', { id: 'board.variable.queue.all' }),
    mine: () => msg('My queues', { id: 'board.variable.queue.mine' }),
    search: () => msg('Search queues', { id: 'board.variable.queue.search' }),
    many: (count) => msg(str`${count} queues`, { id: 'board.variable.queue.many' }),
  },
  team: {
    directory: 'teams',
    scope: 'teams',
    icon: 'team',
    label: () => msg('Team', { id: 'board.variable.team' }),
    all: () => msg('All teams', { id: 'board.variable.team.all' }),
    mine: () => msg('My teams', { id: 'board.variable.team.mine' }),
    search: () => msg('Search teams', { id: 'board.variable.team.search' }),
    many: (count) => msg(str`${count} teams`, { id: 'board.variable.team.many' }),
  },
  agent: {
    directory: 'agents',
    scope: 'agents',
    icon: 'agent',
    label: () => msg('Agent', { id: 'board.variable.agent' }),
    all: () => msg('All agents', { id: 'board.variable.agent.all' }),
    mine: () => msg('My agents', { id: 'board.variable.agent.mine' }),
    search: () => msg('Search agents', { id: 'board.variable.agent.search' }),
    many: (count) => msg(str`${count} agents`, { id: 'board.variable.agent.many' }),
  },
};

/** Values of the menu's options that hold for a variable; "mine" is everything to whoever has no limit there. */
export function chosenOptions(
  variable: DashboardVariable,
  values: VariableValues,
  scope: RowScope | undefined,
): readonly string[] {
  const chosen = valuesOfVariable(variable, values);
  const isLimited = scope?.[VARIABLE_WORDS[variable.kind].scope] !== undefined;
  const shown = isLimited ? chosen : chosen.filter((value) => value !== MY_SCOPE);
  return shown.length === 0 || shown.length < chosen.length ? [EVERYTHING] : shown;
}

/** What holds for a variable after an option was picked; empty = everything. */
export function valuesAfter(variable: DashboardVariable, chosen: readonly string[], picked: string): readonly string[] {
  if (picked === EVERYTHING) return [];
  if (picked === MY_SCOPE || variable.multiple !== true) return [picked];
  const before = chosen.filter((value) => value !== EVERYTHING && value !== MY_SCOPE);
  if (before.includes(picked)) return before.filter((value) => value !== picked);
  return before.length < MAX_FILTER_VALUES ? [...before, picked] : before;
}

function wordsOf(
  kind: VariableKind,
  chosen: readonly string[],
  entries: readonly DirectoryEntry[],
  locale: string,
): string {
  const { all, mine, many } = VARIABLE_WORDS[kind];
  if (chosen.includes(EVERYTHING)) return all();
  if (chosen.includes(MY_SCOPE)) return mine();
  if (chosen.length > MAX_NAMES) return many(chosen.length);
  const names = chosen.map((id) => entries.find((entry) => entry.id === id)?.name ?? id);
  return new Intl.ListFormat(locale, { type: 'unit', style: 'short' }).format(names);
}

function groupsOf(
  kind: VariableKind,
  chosen: readonly string[],
  entries: readonly DirectoryEntry[],
  isLimited: boolean,
): readonly MenuGroup[] {
  const { all, mine } = VARIABLE_WORDS[kind];
  const special: MenuOption[] = [
    { value: EVERYTHING, name: all() },
    ...(isLimited ? [{ value: MY_SCOPE, name: mine() }] : []),
  ];
  const options = entries
    .filter(({ id, isRetired }) => !isRetired || chosen.includes(id))
    .map(({ id, name }): MenuOption => ({ value: id, name }));
  const head: MenuGroup = { title: '', options: special };
  if (options.length <= MAX_LISTED) return options.length === 0 ? [head] : [head, { title: '', options }];
  const [held, rest] = [true, false].map((isChosen) =>
    options.filter(({ value }) => chosen.includes(value) === isChosen),
  );
  const listed = (held ?? []).length === 0 ? [] : [{ title: '', options: held ?? [] }];
  return [head, ...listed, { title: '', options: rest ?? [], isFound: true }];
}

/** What the filters of a board are drawn with. */
export interface FilterTerms {
  readonly values: VariableValues;
  readonly scope: RowScope | undefined;
  readonly locale: string;
  /** What the directory has of a kind, as far as the user may see it. */
  readonly entriesOf: (kind: DirectoryKind) => readonly DirectoryEntry[];
}

/** The variables of a board as the toolbar shows them. */
export function boardFilters(
  variables: readonly DashboardVariable[],
  { values, scope, locale, entriesOf }: FilterTerms,
): readonly BoardFilter[] {
  return variables.map((variable) => {
    const { kind, name, label } = variable;
    const words = VARIABLE_WORDS[kind];
    const chosen = chosenOptions(variable, values, scope);
    return {
      name,
      label: label ?? words.label(),
      text: wordsOf(kind, chosen, entriesOf(words.directory), locale),
      icon: words.icon,
      chosen,
      isMultiple: variable.multiple === true,
      searchLabel: words.search(),
      groups: () => groupsOf(kind, chosen, entriesOf(words.directory), scope?.[words.scope] !== undefined),
    };
  });
}
