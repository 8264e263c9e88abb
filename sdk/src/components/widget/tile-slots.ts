import { render } from 'lit';
import type { LitElement, TemplateResult } from 'lit';

/** Names of the slots by which a host replaces what a tile shows in a state. */
export const TILE_SLOTS = ['loading', 'empty', 'error', 'denied'] as const;
/** Name of one slot. */
export type TileSlotName = (typeof TILE_SLOTS)[number];

/**
 * The slots of a tile. Each is a node made once by the document rather than by a template, since sanitizers remove the
 * tag from templates; what it shows by itself is rendered into it.
 */
export class TileSlots {
  readonly #host: LitElement;
  readonly #nodes = new Map<TileSlotName, HTMLSlotElement>();

  constructor(host: LitElement) {
    this.#host = host;
  }

  /** The slot with its own content, to be put into a template. */
  show(name: TileSlotName, content: TemplateResult): HTMLSlotElement {
    let node = this.#nodes.get(name);
    if (node === undefined) {
      node = document.createElement('slot');
      node.name = name;
      this.#nodes.set(name, node);
    }
    render(content, node, { host: this.#host });
    return node;
  }
}
