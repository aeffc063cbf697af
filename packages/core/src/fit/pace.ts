import * as tf from '@tensorflow/tfjs-core';
import {watchBackend} from '../backend/loss.ts';

/** Lets timers, events and paint run between steps, by time and not by count. */
export interface Pace {
  /**
   * Gives way if enough time has passed since it last did.
   *
   * @throws RegularizerError with code `backend-lost`: on a backend that is gone, work goes on without an error
   */
  rest(): Promise<void> | void;
}

/** Gives way every 16 ms, a frame of the page's; on native, where nothing is painted, every 50 ms. */
export function pace(): Pace {
  const interval = tf.getBackend() === 'tensorflow' ? 50 : 16;
  const watch = watchBackend();
  let last = performance.now();
  return {
    rest() {
      watch?.check();
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
