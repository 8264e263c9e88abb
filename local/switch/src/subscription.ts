import { eventNameOf } from './event-names.ts';
import { headerOf, type EventFormat, type SwitchEvent } from './event.ts';

/** Which events a listener wants, with the replies of mod_event_socket to the commands that say so. */
export class Subscription {
  #format: EventFormat = 'plain';
  #isListening = false;
  readonly #names = new Set<string>();
  readonly #subclasses = new Set<string>();
  #filters: { readonly name: string; readonly value: string }[] = [];

  get isListening(): boolean {
    return this.#isListening;
  }

  get format(): EventFormat {
    return this.#format;
  }

  /** `event json HEARTBEAT CUSTOM callcenter::info`: words after CUSTOM are subclasses. */
  listen(words: readonly string[]): string {
    let isCustom = false;
    let known = 0;
    for (const [index, word] of words.entries()) {
      const format = word.toLowerCase();
      if (index === 0 && (format === 'plain' || format === 'json' || format === 'xml')) {
        this.#format = format;
        continue;
      }
      if (isCustom) {
        this.#subclasses.add(word);
        continue;
      }
      const name = eventNameOf(word);
      if (name === undefined) continue;
      known += 1;
      this.#names.add(name);
      isCustom = name === 'CUSTOM';
    }
    if (known === 0) return '-ERR no keywords supplied';
    this.#isListening = true;
    return `+OK event listener enabled ${this.#format}`;
  }

  /** `nixevent HEARTBEAT`. */
  nix(words: readonly string[]): string {
    let isCustom = false;
    let known = 0;
    for (const word of words) {
      const name = isCustom ? undefined : eventNameOf(word);
      if (isCustom) this.#subclasses.delete(word);
      if (name === undefined) continue;
      known += 1;
      if (name === 'CUSTOM') isCustom = true;
      else if (name === 'ALL') this.#names.clear();
      else this.#names.delete(name);
    }
    if (known === 0) return '-ERR no keywords supplied';
    this.#isListening = true;
    return '+OK events nixed';
  }

  /** `noevents`. */
  silence(): string {
    if (!this.#isListening) return '-ERR not listening for events';
    this.#isListening = false;
    this.#names.clear();
    this.#subclasses.clear();
    return '+OK no longer listening for events';
  }

  /** `filter [add|delete] <header> [<value>]`. */
  filter(text: string): string {
    const [first = '', ...rest] = text.split(' ').filter((word) => word !== '');
    if (first.toLowerCase() === 'delete' && rest.length > 0) return this.#unfilter(rest);
    const [name = '', ...values] = first.toLowerCase() === 'add' && rest.length > 0 ? rest : [first, ...rest];
    const value = values.join(' ');
    if (value === '') return '-ERR invalid syntax';
    this.#filters.push({ name, value });
    return `+OK filter added. [${name}]=[${value}]`;
  }

  wants(event: SwitchEvent): boolean {
    if (!this.#isListening) return false;
    const isNamed =
      this.#names.has('ALL') ||
      (this.#names.has(event.name) &&
        (event.name !== 'CUSTOM' || event.subclass === undefined || this.#subclasses.has(event.subclass)));
    return isNamed && this.#passes(event);
  }

  #unfilter([name = '', ...values]: readonly string[]): string {
    const value = values.join(' ');
    this.#filters =
      name.toLowerCase() === 'all'
        ? []
        : this.#filters.filter(
            (one) => one.name.toLowerCase() !== name.toLowerCase() || (value !== '' && one.value !== value),
          );
    return `+OK filter deleted. [${name}][${value}]`;
  }

  /** One match lets an event through, one match of a filter that begins with `-` keeps it back. */
  #passes(event: SwitchEvent): boolean {
    if (this.#filters.length === 0) return true;
    let isPassed = false;
    for (const filter of this.#filters) {
      const value = headerOf(event, filter.name);
      if (value === undefined) continue;
      const signs = /^[+\- ]*/.exec(filter.value)?.[0] ?? '';
      const isPositive = !signs.trimEnd().endsWith('-');
      if (isPassed && isPositive) continue;
      const wanted = filter.value.slice(signs.length);
      const pattern = filter.value.startsWith('/') ? /^\/(.*)\/[a-z]*$/.exec(wanted)?.[1] : undefined;
      const isMatch =
        pattern === undefined ? value.toLowerCase() === wanted.toLowerCase() : new RegExp(pattern).test(value);
      if (!isMatch) continue;
      if (!isPositive) return false;
      isPassed = true;
    }
    return isPassed;
  }
}
