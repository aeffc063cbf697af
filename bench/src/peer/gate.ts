/** Lets a running `fit` go on for one turn at a time. */
export class Gate {
  #open: (() => void) | undefined;
  #arrived: ((value: number) => void) | undefined;
  #failed: ((reason: unknown) => void) | undefined;
  #since = 0;

  /** Starts training; resolves with what the first turn took. */
  start(train: () => Promise<unknown>): Promise<number> {
    return this.#turn(() => {
      train().catch((error: unknown) => this.#failed?.(error));
    });
  }

  /** Lets it train for one turn more; resolves with what that took. */
  turn(): Promise<number> {
    return this.#turn(() => this.#open?.());
  }

  /** Lets it run to its end. */
  release(): void {
    this.#open?.();
  }

  /** Called by the training at the end of each turn, and awaited. */
  arrive(): Promise<void> {
    const took = performance.now() - this.#since;
    return new Promise((open) => {
      this.#open = open;
      this.#arrived?.(took);
    });
  }

  #turn(go: () => void): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#arrived = resolve;
      this.#failed = reject;
      this.#since = performance.now();
      go();
    });
  }
}
