import { noChange } from 'lit';
import { Directive, PartType, directive } from 'lit/directive.js';
import type { ElementPart, PartInfo } from 'lit/directive.js';

type Values = Readonly<Record<string, string | number>>;

class AttributesDirective extends Directive {
  #last: Values = {};

  constructor(part: PartInfo) {
    super(part);
    if (part.type !== PartType.ELEMENT) throw new TypeError('attributes() stands alone in a start tag.');
  }

  render(_values: Values): typeof noChange {
    return noChange;
  }

  override update(part: ElementPart, [values]: [Values]): typeof noChange {
    for (const [name, value] of Object.entries(values)) {
      if (this.#last[name] !== value) part.element.setAttribute(name, String(value));
    }
    this.#last = values;
    return noChange;
  }
}

/**
 * Sets attributes of a built-in element that have no property, such as those of SVG: bindings on attributes do not
 * survive every host's sanitizer.
 */
export const attributes = directive(AttributesDirective);
