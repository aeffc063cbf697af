/**
 * The native TensorFlow backend for Node: a tfjs-node that installs, and the kernels it lacks.
 *
 * @module @regularizers/native
 */

export {
  type NativeBackend,
  type NativeBinding,
  type NativeTensor,
  nativeBackend,
  type OpAttribute,
  overrideBinding,
} from './backend.ts';
export {type Diagnosis, diagnoseNative, type Finding} from './doctor.ts';
export {NativeError, type NativeErrorCode, type NativeErrorDetails} from './errors.ts';
export type {SavedModel, TfjsNode} from './load.ts';
export {
  boolAttribute,
  executeOp,
  floatAttribute,
  intAttribute,
  type NativeType,
  shapeAttribute,
  stringAttribute,
  typeAttribute,
} from './ops.ts';
export {type NativeInfo, type RegisterNativeOptions, registerNative, tfjsNode} from './register.ts';
export {type SetupNativeOptions, type SetupResult, type SetupSource, setupNative} from './setup/setup.ts';
export type {SetupProgress, SetupStage} from './setup/tools.ts';
