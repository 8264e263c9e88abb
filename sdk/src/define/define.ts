/** Registers a tag once: a second copy of the build on a page keeps the first. Without a page, as in Node, not at all. */
export function define(tag: string, constructor: CustomElementConstructor): void {
  if (typeof customElements === 'undefined') return;
  if (customElements.get(tag) === undefined) customElements.define(tag, constructor);
}
