import {looking} from '../lib/given.ts';
import {type Checkpoint, checkCheckpoint} from './checkpoint.ts';
import {decodeBundle, encodeBundle} from './codec.ts';
import {bytesOf, checkGiven} from './given-checkpoint.ts';

/**
 * Bytes of a checkpoint, in the safetensors layout, with a checksum.
 *
 * @throws RegularizerError with code `not-a-checkpoint`, such as for a promise of one, or `bad-checkpoint` for one that
 *   {@link decodeCheckpoint} would refuse
 */
export function encodeCheckpoint(checkpoint: Checkpoint): Uint8Array {
  checkGiven(checkpoint);
  return looking('checkpoint', 'the checkpoint', () => {
    const {tensors, ...json} = checkpoint;
    return encodeBundle({json, tensors});
  });
}

/**
 * A checkpoint from bytes.
 *
 * @throws RegularizerError with code `bad-checkpoint`, if any byte is another than was written, or `not-bytes`
 */
export function decodeCheckpoint(bytes: Uint8Array | ArrayBuffer): Checkpoint {
  const {json, tensors} = decodeBundle(bytesOf(bytes));
  const checkpoint: unknown = typeof json === 'object' ? {...json, tensors} : json;
  checkCheckpoint(checkpoint);
  return checkpoint;
}
