import type {FusedRunner, FusedUpdate} from '@regularizers/core/execution';
import type * as tf from '@tensorflow/tfjs-core';
import {type NativeBackend, type OpAttribute, overrideBinding} from '../backend.ts';
import {typeNumber} from '../ops.ts';

/** One op as it ran: tensors by the addon's numbers, which are never used twice. */
export interface RecordedOp {
  readonly name: string;
  readonly attributes: readonly OpAttribute[];
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  /** Which of the recording's updates it is a part of. */
  readonly update: RecordedUpdate | undefined;
}

/** An optimizer's update of one weight, which TensorFlow has a fused op for. */
export interface RecordedUpdate {
  readonly kind: FusedUpdate['kind'];
  readonly constants: FusedUpdate['constants'];
  readonly slots: readonly number[];
  readonly gradient: number;
  readonly rate: number;
  /** What its ops give, in the order of the slots. */
  results: readonly number[];
}

/** A tensor whose values were on the host, or were there before the recording began. */
export interface RecordedConstant {
  readonly shape: readonly number[];
  readonly dtype: number;
  readonly values: Float32Array | Int32Array | Uint8Array;
}

/** All that ran on the backend while a function ran. */
export interface Recording {
  readonly ops: readonly RecordedOp[];
  readonly constants: ReadonlyMap<number, RecordedConstant>;
  /** Data types of tensors, as the addon's numbers. */
  readonly types: ReadonlyMap<number, number>;
  readonly shapes: ReadonlyMap<number, readonly number[]>;
  /** Something read values back, which a graph cannot replay. */
  readonly readBack: boolean;
}

/** The backend's number of a tensor, which is uploaded for it if it still lies on the host. */
export function idOf(backend: NativeBackend, tensor: tf.TensorInfo): number {
  return backend.getInputTensorIds([tensor])[0]!;
}

/**
 * Runs a function and records every op that the backend runs for it.
 *
 * @param inputs - numbers of tensors that are not constants of the recording
 * @param run - it is given what records an optimizer's update as one
 */
export function record<T>(
  backend: NativeBackend,
  inputs: ReadonlySet<number>,
  run: (fused: FusedRunner) => T,
): {readonly result: T; readonly recording: Recording} {
  const ops: RecordedOp[] = [];
  const constants = new Map<number, RecordedConstant>();
  const made = new Set<number>();
  const types = new Map<number, number>();
  const shapes = new Map<number, readonly number[]>();
  const {binding} = backend;
  let readBack = false;
  let update: RecordedUpdate | undefined;

  const keep = (tensor: tf.TensorInfo, id: number): void => {
    if (made.has(id) || inputs.has(id) || constants.has(id)) return;
    // Its own id is what is read here: what was there before the recording counts as constant.
    constants.set(id, {
      shape: tensor.shape,
      dtype: typeNumber(binding, tensor.dtype),
      values: binding.tensorDataSync(id).slice(),
    });
  };

  const restore = overrideBinding({
    executeOp(name, attributes, ids, outputs) {
      const results = binding.executeOp(name, attributes, ids, outputs);
      for (const {id, shape, dtype} of results) {
        made.add(id);
        types.set(id, dtype);
        shapes.set(id, shape);
      }
      ops.push({name, attributes, inputs: [...ids], outputs: results.map(({id}) => id), update});
      return results;
    },
    createTensor(shape, dtype, values) {
      const id = binding.createTensor(shape, dtype, values);
      // Read back rather than taken from `values`, which come in several forms.
      if (dtype !== binding.TF_STRING) {
        constants.set(id, {shape: [...shape], dtype, values: binding.tensorDataSync(id).slice()});
      }
      return id;
    },
    tensorDataSync(id) {
      readBack = true;
      return binding.tensorDataSync(id);
    },
  });
  const fused: FusedRunner = ({kind, constants: numbers, slots, gradient, rate}, compose) => {
    const ids = backend.getInputTensorIds([...slots, gradient, rate]);
    const [ofGradient, ofRate] = ids.slice(-2) as [number, number];
    update = {
      kind,
      constants: numbers,
      slots: ids.slice(0, -2),
      gradient: ofGradient,
      rate: ofRate,
      results: [],
    };
    try {
      const results = compose();
      update.results = backend.getInputTensorIds(results);
      return results;
    } finally {
      update = undefined;
    }
  };
  const original = backend.getInputTensorIds;
  backend.getInputTensorIds = (tensors) => {
    const ids = original.call(backend, tensors);
    for (const [i, tensor] of tensors.entries()) {
      if (!('dtype' in tensor)) continue;
      types.set(ids[i]!, typeNumber(binding, tensor.dtype));
      shapes.set(ids[i]!, tensor.shape);
      keep(tensor, ids[i]!);
    }
    return ids;
  };
  try {
    return {
      result: run(fused),
      recording: {
        ops,
        constants,
        types,
        shapes,
        get readBack() {
          return readBack;
        },
      },
    };
  } finally {
    restore();
    Reflect.deleteProperty(backend, 'getInputTensorIds');
  }
}
