/** Registers a tag once: a second copy of the build on a page keeps the first. */
export function define(tag: string, constructor: CustomElementConstructor): void {
  if (customElements.get(tag) === undefined) customElements.define(tag, constructor);
}
