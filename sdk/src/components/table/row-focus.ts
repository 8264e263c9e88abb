import type { ReactiveControllerHost } from 'lit';
import type { TableRow } from './table-rows.ts';

type Host = ReactiveControllerHost & HTMLElement & { readonly renderRoot: ParentNode };

const PAGE_ROWS = 10;

/** Moves the focus from row to row with the arrow keys, so that a long table is one stop of the Tab key. */
export class RowFocus {
  readonly #host: Host;
  readonly #rowsOf: () => readonly TableRow[];
  readonly #reveal: (index: number) => void;
  #key: string | undefined;

  constructor(host: Host, rowsOf: () => readonly TableRow[], reveal: (index: number) => void) {
    this.#host = host;
    this.#rowsOf = rowsOf;
    this.#reveal = reveal;
  }

  /** The row that Tab leads to, among those in the document: the one that had the focus, else the first. */
  stopOf(shown: readonly TableRow[]): string | undefined {
    return (shown.find(({ key }) => key === this.#key) ?? shown[0])?.key;
  }

  readonly onFocusIn = (event: Event): void => {
    const key = (event.target as HTMLElement).closest('tr')?.dataset['key'];
    if (key === undefined || key === this.#key) return;
    this.#key = key;
    this.#host.requestUpdate();
  };

  readonly onKeyDown = (event: KeyboardEvent): void => {
    const rows = this.#rowsOf();
    const at = rows.findIndex(({ key }) => key === this.#key);
    const steps: Readonly<Record<string, number>> = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      PageDown: at + PAGE_ROWS,
      PageUp: at - PAGE_ROWS,
      Home: 0,
      End: rows.length - 1,
    };
    const wanted = steps[event.key];
    if (wanted === undefined || at < 0) return;
    event.preventDefault();
    void this.#focusRow(Math.min(Math.max(wanted, 0), rows.length - 1));
  };

  async #focusRow(index: number): Promise<void> {
    const row = this.#rowsOf()[index];
    if (row === undefined) return;
    this.#reveal(index);
    await this.#host.updateComplete;
    const shown = [...this.#host.renderRoot.querySelectorAll<HTMLElement>('tr.row')];
    const target = shown.find((one) => one.dataset['key'] === row.key);
    target?.querySelector<HTMLElement>('.name')?.focus();
  }
}
