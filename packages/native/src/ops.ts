import {type AnyOption, checkOption, option, RegularizerError} from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';
import {type NativeBinding, nativeBackend, type OpAttribute} from './backend.ts';
import {NativeError} from './errors.ts';

const typeNumbers = {
  bool: 'TF_BOOL',
  complex64: 'TF_COMPLEX64',
  float32: 'TF_FLOAT',
  int32: 'TF_INT32',
  int64: 'TF_INT64',
  resource: 'TF_RESOURCE',
  string: 'TF_STRING',
} as const;

/** A TensorFlow data type that the addon knows: tfjs's own and two that only ops' attributes name. */
export type NativeType = (tf.DataType & keyof typeof typeNumbers) | 'int64' | 'resource';

/**
 * An attribute whose value is a data type, as `T` of nearly every op.
 *
 * @param name - the attribute's name
 * @param dtype - the data type
 * @returns the attribute
 *
 * @example
 * ```ts
 * await registerNative();
 * const [sum] = executeOp('AddV2', [typeAttribute('T', 'float32')], [tf.scalar(1), tf.scalar(2)]);
 * ```
 */
export function typeAttribute(name: string, dtype: NativeType): OpAttribute {
  const {binding} = nativeBackend();
  check('typeAttribute', name, 'dtype', dtype, option.choice(Object.keys(typeNumbers), {about: 'A type.'}));
  return {name, type: binding.TF_ATTR_TYPE, value: typeNumber(binding, dtype)};
}

/** The addon's number of a data type. */
export function typeNumber(binding: NativeBinding, dtype: NativeType): number {
  return binding[typeNumbers[dtype]];
}

/**
 * An attribute whose value is one whole number or a list of them, as `strides`.
 *
 * @param name - the attribute's name
 * @param value - the number or numbers
 * @returns the attribute
 */
export function intAttribute(name: string, value: number | readonly number[]): OpAttribute {
  const {binding} = nativeBackend();
  check('intAttribute', name, 'value', value, orList(option.integer({about: 'A whole number.'})));
  return {name, type: binding.TF_ATTR_INT, value};
}

/**
 * An attribute whose value is one number or a list of them, as `epsilon`.
 *
 * @param name - the attribute's name
 * @param value - the number or numbers
 * @returns the attribute
 */
export function floatAttribute(name: string, value: number | readonly number[]): OpAttribute {
  const {binding} = nativeBackend();
  check('floatAttribute', name, 'value', value, orList(option.number({about: 'A number.'})));
  return {name, type: binding.TF_ATTR_FLOAT, value};
}

/**
 * An attribute whose value is true or false or a list of these, as `transpose_a`.
 *
 * @param name - the attribute's name
 * @param value - the truth value or values
 * @returns the attribute
 */
export function boolAttribute(name: string, value: boolean | readonly boolean[]): OpAttribute {
  const {binding} = nativeBackend();
  check('boolAttribute', name, 'value', value, orList(option.flag({about: 'True or false.'})));
  return {name, type: binding.TF_ATTR_BOOL, value};
}

/**
 * An attribute whose value is a string, as `padding`.
 *
 * @param name - the attribute's name
 * @param value - the string
 * @returns the attribute
 */
export function stringAttribute(name: string, value: string): OpAttribute {
  const {binding} = nativeBackend();
  check('stringAttribute', name, 'value', value, anyText);
  return {name, type: binding.TF_ATTR_STRING, value};
}

/**
 * An attribute whose value is a shape, as that of `VarHandleOp`.
 *
 * @param name - the attribute's name
 * @param value - the shape
 * @returns the attribute
 */
export function shapeAttribute(name: string, value: readonly number[]): OpAttribute {
  const {binding} = nativeBackend();
  const side = option.integer({min: -1, about: 'The length of a side.'}); // −1 for any
  check(
    'shapeAttribute',
    name,
    'value',
    value,
    option.list<readonly number[]>(side)({about: 'Lengths of sides.'}),
  );
  return {name, type: binding.TF_ATTR_SHAPE, value};
}

const text = option.text({about: 'A name.'});
const anyText = option.instance<string>('a text', (value) => typeof value === 'string')({about: 'A text.'});

/** Checks what an attribute is made from: the addon ends the process for some of what is none. */
function check(where: string, name: string, what: string, value: unknown, kind: AnyOption): void {
  checkOption(where, 'name', name, text);
  checkOption(where, what, value, kind);
}

function orList(one: AnyOption): AnyOption {
  const {about} = one;
  return option.oneOf<unknown>(one, option.list<readonly unknown[]>(one)({about}))({about});
}

/**
 * Runs one TensorFlow op by name, as TensorFlow's list of ops defines it. Not differentiated: wrap it in
 * `tf.customGrad` where a gradient has to pass.
 *
 * @param name - the op, e.g. `StatelessRandomUniform`
 * @param attributes - its attributes, made with the functions of this file
 * @param inputs - its inputs
 * @param outputs - how many outputs it has; @defaultValue 1
 * @returns its outputs, owned by the caller (or by the `tf.tidy` around the call)
 * @throws NativeError with code `not-native` if the native backend isn't the current one, or `op-failed` with TensorFlow's
 *   words; RegularizerError with code `bad-option` for arguments that are none
 *
 * @example
 * ```ts
 * await registerNative();
 * const int32 = 'int32';
 *const [draws] = executeOp(
 *   'StatelessRandomUniform',
 *   [typeAttribute('T', int32), typeAttribute('Tseed', int32), typeAttribute('dtype', 'float32')],
 *   [tf.tensor1d([8], int32), tf.tensor1d([1, 2], int32)],
 * );
 * ```
 */
export function executeOp(
  name: string,
  attributes: readonly OpAttribute[],
  inputs: readonly tf.TensorInfo[],
  outputs: number = 1,
): tf.Tensor[] {
  const backend = nativeBackend();
  for (const [what, value] of Object.entries({name, attributes, inputs, outputs})) {
    checkOption('executeOp', what, value, described[what as keyof typeof described]);
  }
  try {
    return backend.executeMultipleOutputs(name, attributes, inputs, outputs);
  } catch (error) {
    // What watches the addon says so itself, as where a step cannot be captured.
    if (RegularizerError.isInstance(error) || NativeError.isInstance(error)) throw error;
    throw new NativeError(
      `TensorFlow cannot run the op ${name}: ${error instanceof Error ? error.message : String(error)}.`,
      {
        code: 'op-failed',
        hint: 'Its attributes, inputs and outputs are in TensorFlow’s list of ops.',
        cause: error,
      },
    );
  }
}

const described = {
  name: text,
  attributes: option.list<readonly OpAttribute[]>(
    option.instance<OpAttribute>(
      'an attribute, as floatAttribute and its like make it',
      isAttribute,
    )({about: 'An attribute.'}),
  )({about: 'The attributes of the op.'}),
  inputs: option.list<readonly tf.Tensor[]>(
    option.instance<tf.Tensor>('a tensor that is not disposed of', isAlive)({about: 'An input.'}),
  )({about: 'The inputs of the op.'}),
  outputs: option.integer({min: 0, max: 10_000, about: 'How many outputs the op has.'}),
};

function isAttribute(value: unknown): boolean {
  const {name, type, value: held} = value as OpAttribute;
  const values: readonly unknown[] = Array.isArray(held) ? Array.from(held) : [held];
  return (
    typeof name === 'string' &&
    Number.isInteger(type) &&
    values.every((one) => ['boolean', 'number', 'string'].includes(typeof one))
  );
}

/** Kernels hand over infos of tensors, which nobody disposes of meanwhile. */
function isAlive(value: unknown): boolean {
  if (value instanceof tf.Tensor) return !value.isDisposed;
  return typeof value === 'object' && value !== null && 'dataId' in value && 'shape' in value;
}
