import { noChange } from 'lit';
import { Directive, PartType, directive } from 'lit/directive.js';
import type { ElementPart, PartInfo } from 'lit/directive.js';
import type { FormattedValue } from '../../i18n/format.ts';

const FADE_MS = 150;

class FadeWhenChangedDirective extends Directive {
  #last: string | undefined;

  constructor(part: PartInfo) {
    super(part);
    if (part.type !== PartType.ELEMENT) throw new TypeError('fadeWhenChanged() stands alone in a start tag.');
  }

  render(_parts: readonly FormattedValue[]): typeof noChange {
    return noChange;
  }

  override update(part: ElementPart, [parts]: [readonly FormattedValue[]]): typeof noChange {
    const text = parts.map((one) => one.text + one.unit).join(' ');
    const isOther = this.#last !== undefined && text !== this.#last;
    this.#last = text;
    if (isOther && !globalThis.matchMedia('(prefers-reduced-motion: reduce)').matches) {
      part.element.animate([{ opacity: 0.35 }, { opacity: 1 }], { duration: FADE_MS, easing: 'ease-out' });
    }
    return noChange;
  }
}

/** Lets an element fade in shortly when the value it shows becomes another; never the first, nor under reduced motion. */
export const fadeWhenChanged = directive(FadeWhenChangedDirective);
