/** Lets timers, events and paint run between steps, by time and not by count. */
export interface Pace {
  /** Gives way if enough time has passed since it last did. */
  rest(): Promise<void> | void;
}

/** Gives way every `interval` milliseconds. */
export function pace(interval: number): Pace {
  let last = performance.now();
  return {
    rest() {
      if (performance.now() - last < interval) return undefined;
      return giveWay().then(() => {
        last = performance.now();
      });
    },
  };
}

/** A macrotask: unlike a timer's, a message's delay is not rounded up to 4 ms in browsers. */
function giveWay(): Promise<void> {
  if (typeof setImmediate === 'function') return new Promise((resolve) => setImmediate(resolve));
  return new Promise((resolve) => {
    const {port1, port2} = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
