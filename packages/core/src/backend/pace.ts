import * as tf from '@tensorflow/tfjs-core';
import {fail} from '../lib/errors.ts';
import {watchBackend} from './loss.ts';

/** Lets timers, events and paint run between steps, by time and not by count. */
export interface Pace {
  /**
   * Checks that the backend is the one that work began on.
   *
   * @throws RegularizerError with code `backend-lost`: on a backend that is gone, work goes on without an error; or
   *   `backend-changed`: on another one, the same steps would give other bits, and a captured step none
   */
  check(): void;
  /** {@link Pace.check}, then gives way if enough time has passed since it last did. */
  rest(): Promise<void> | void;
}

/** Gives way every 16 ms, a frame of the page's; where nothing is painted, as in Node, every 50 ms. */
export function pace(): Pace {
  const backend = tf.getBackend();
  const interval = tf.env().getBool('IS_BROWSER') ? 16 : 50;
  const watch = watchBackend();
  let last = performance.now();
  const check = (): void => {
    watch?.check();
    const now = tf.getBackend();
    if (now === backend) return;
    // What is still to be done, such as giving the model its weights, needs the tensors where they are. A backend that
    // is there already is switched to at once, whatever the promise says.
    tf.setBackend(backend).catch(() => undefined);
    fail(
      'backend-changed',
      `work began on the backend ${backend} and was to go on on ${now}; the backend is ${backend} again`,
      'Call tf.setBackend before it begins, or after it has ended.',
    );
  };
  return {
    check,
    rest() {
      check();
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
