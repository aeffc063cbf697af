import type {NativeBackend} from '../backend.ts';

/** The addon's number of a tensor's type. */
export function typeNumber({binding}: Pick<NativeBackend, 'binding'>, dtype: string): number {
  if (dtype === 'int32') return binding.TF_INT32;
  return dtype === 'bool' ? binding.TF_BOOL : binding.TF_FLOAT;
}
