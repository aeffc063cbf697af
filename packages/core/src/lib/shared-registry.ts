/** Values by name that every installed copy of this package shares: they are on the global object. */
export class SharedRegistry<Value> {
  readonly #values: Map<string, Value>;

  /** @param name - the registry's name, under which all copies find it */
  constructor(name: string) {
    const key = Symbol.for(`regularizers.${name}`);
    const holder = globalThis as {[key]?: Map<string, Value>};
    holder[key] ??= new Map<string, Value>();
    this.#values = holder[key];
  }

  get(name: string): Value | undefined {
    return this.#values.get(name);
  }

  /** Registers a value; with undefined there is none any more. */
  set(name: string, value: Value | undefined): void {
    if (value === undefined) this.#values.delete(name);
    else this.#values.set(name, value);
  }
}
