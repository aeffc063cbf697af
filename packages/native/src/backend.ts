import {checkOption, option} from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';
import {NativeError} from './errors.ts';

/** One attribute of a TensorFlow op, in the form that the addon takes. */
export interface OpAttribute {
  /** Its name, as in TensorFlow's definition of the op. */
  readonly name: string;
  /** One of the addon's `TF_ATTR_` numbers. */
  readonly type: number;
  /** Its value; a list where the op wants a list. */
  readonly value: boolean | number | string | readonly number[] | readonly boolean[];
}

/** The addon: TensorFlow's C API as tfjs-node sees it. */
export interface NativeBinding {
  /** The version of libtensorflow. */
  readonly TF_Version: string;
  readonly TF_ATTR_BOOL: number;
  readonly TF_ATTR_FLOAT: number;
  readonly TF_ATTR_INT: number;
  readonly TF_ATTR_SHAPE: number;
  readonly TF_ATTR_STRING: number;
  readonly TF_ATTR_TYPE: number;
  readonly TF_BOOL: number;
  readonly TF_COMPLEX64: number;
  readonly TF_FLOAT: number;
  readonly TF_INT32: number;
  readonly TF_INT64: number;
  readonly TF_RESOURCE: number;
  readonly TF_STRING: number;
  /** Opens a SavedModel and returns the number of its session. */
  loadSavedModel(folder: string, tags: string): number;
  /** Closes a session. */
  deleteSavedModel(session: number): void;
  /** Runs a session; the names of its inputs and outputs are separated by commas. */
  runSavedModel(
    session: number,
    inputs: readonly number[],
    inputNames: string,
    outputNames: string,
  ): readonly NativeTensor[];
  /** Runs one op eagerly. */
  executeOp(
    name: string,
    attributes: readonly OpAttribute[],
    inputs: readonly number[],
    outputs: number,
  ): readonly NativeTensor[];
  /** Makes a tensor and returns its number. */
  createTensor(shape: readonly number[], dtype: number, values: tf.backend_util.BackendValues): number;
  /** Releases a tensor. */
  deleteTensor(id: number): void;
  /** Copies a tensor's values out. */
  tensorDataSync(id: number): Float32Array | Int32Array | Uint8Array;
}

/** A tensor that the addon holds. */
export interface NativeTensor {
  /** Its number. */
  readonly id: number;
  /** Its shape. */
  readonly shape: number[];
  /** One of the addon's `TF_` numbers. */
  readonly dtype: number;
}

/** The part of tfjs-node's backend that runs TensorFlow's ops by name. */
export interface NativeBackend extends tf.KernelBackend {
  /** The addon. */
  readonly binding: NativeBinding;
  /** Runs an op that has one output. */
  executeSingleOutput(
    name: string,
    attributes: readonly OpAttribute[],
    inputs: readonly tf.TensorInfo[],
  ): tf.Tensor;
  /** Runs an op that has several. */
  executeMultipleOutputs(
    name: string,
    attributes: readonly OpAttribute[],
    inputs: readonly tf.TensorInfo[],
    outputs: number,
  ): tf.Tensor[];
  /** The numbers of tensors, uploading those that are still on JavaScript's side. */
  getInputTensorIds(tensors: readonly tf.TensorInfo[]): number[];
  /** Makes a tfjs tensor of one that the addon holds. */
  createOutputTensor(tensor: NativeTensor): tf.Tensor;
}

/**
 * Puts functions in place of the addon's, to watch or change what goes through it. It becomes an object that inherits
 * all others, since its own members can't be replaced.
 *
 * @param members - what to put in place; each calls the addon as it was before by itself
 * @returns what puts that addon back
 * @throws NativeError if the native backend isn't the current one; RegularizerError for what are no functions
 *
 * @example
 * ```ts
 * await registerNative();
 * const {binding} = nativeBackend();
 * const restore = overrideBinding({
 *   executeOp(name, ...rest) {
 *     console.log(name);
 *     return binding.executeOp(name, ...rest);
 *   },
 * });
 * tf.add(1, 2); // prints Add or AddV2
 * restore();
 * ```
 */
export function overrideBinding(members: Partial<NativeBinding>): () => void {
  const backend = nativeBackend() as {binding: NativeBinding};
  const {binding} = backend;
  checkOption('overrideBinding', 'members', members, functions);
  const properties = Object.entries(members).map(([name, value]) => [name, {value}]);
  backend.binding = Object.create(binding, Object.fromEntries(properties));
  return () => {
    backend.binding = binding;
  };
}

const functions = option.instance<Partial<NativeBinding>>(
  'an object of functions',
  (value) =>
    typeof value === 'object' &&
    value !== null &&
    Object.values(value).every((member) => typeof member === 'function'),
)({about: 'What to put in place.'});

/** The name under which tfjs-node registers itself. */
export const backendName = 'tensorflow';

/**
 * The native backend, with access to TensorFlow's ops.
 *
 * @returns the backend that `registerNative` registered
 * @throws NativeError if it isn't the current backend
 */
export function nativeBackend(): NativeBackend {
  if (tf.getBackend() === backendName) return tf.backend() as NativeBackend;
  throw new NativeError(`The current backend is '${tf.getBackend()}', not the native one.`, {
    code: 'not-native',
    hint: 'Call `await registerNative()` first.',
  });
}
