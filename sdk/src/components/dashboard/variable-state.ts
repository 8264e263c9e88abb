import type { ReactiveControllerHost } from 'lit';
import type { DashboardVariable, VariableTerms, VariableValues } from '@lumina/contracts';
import type { LuminaScope } from '../../controllers/lumina-scope.ts';
import { boardFilters, chosenOptions, valuesAfter } from './board-variables.ts';
import type { BoardFilter } from './board-variables.ts';
import { DirectoryChoices } from './directory-choices.ts';

/** The variables of a board while it is shown: what they stand for, what the toolbar offers, and what a pick leads to. */
export class VariableState {
  readonly #choices: DirectoryChoices;
  #variables: readonly DashboardVariable[] = [];
  #values: VariableValues = {};
  #outer: LuminaScope | undefined;

  constructor(host: Pick<ReactiveControllerHost, 'requestUpdate'>) {
    this.#choices = new DirectoryChoices(host);
  }

  /** What the filters of the tiles are resolved with. */
  get terms(): VariableTerms {
    return { variables: this.#variables, values: this.#values, scope: this.#outer?.session?.scope };
  }

  /** Takes over what holds; called before the host decides what to render. */
  follow(
    outer: LuminaScope | undefined,
    variables: readonly DashboardVariable[] = [],
    values: VariableValues = {},
  ): void {
    this.#outer = outer;
    this.#variables = variables;
    this.#values = values;
    this.#choices.follow(outer?.session === undefined ? undefined : outer.client);
  }

  /** The variables as the toolbar shows them. */
  filters(): readonly BoardFilter[] {
    const { variables, values, scope } = this.terms;
    return boardFilters(variables, {
      values,
      scope,
      locale: this.#outer?.locale ?? 'en',
      entriesOf: (kind) => this.#choices.of(kind),
    });
  }

  /** The values of all variables after an option was picked. */
  after(name: string, picked: string): VariableValues {
    const { variables, values, scope } = this.terms;
    const variable = variables.find((one) => one.name === name);
    if (variable === undefined) return values;
    return { ...values, [name]: valuesAfter(variable, chosenOptions(variable, values, scope), picked) };
  }
}
