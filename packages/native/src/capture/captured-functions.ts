import {tensorsOf} from '@regularizers/core';
import {type MemberRun, scope, type Session as TrainingSession} from '@regularizers/core/execution';
import type * as tf from '@tensorflow/tfjs-core';
import type {NativeBackend} from '../backend.ts';
import {typeNumber} from '../ops.ts';
import {checkSame, structureOf} from './check.ts';
import {GraphWriter} from './graph.ts';
import {idOf, record} from './recorder.ts';
import {isSame, type Recorded} from './same.ts';
import {Session} from './session.ts';
import {simplify} from './simplify/simplify.ts';
import {Variables} from './variables.ts';
import {writeRecording} from './write-recording.ts';

/** A function's graph for trees of one structure; its tensors are fed at each call. */
interface Captured {
  readonly recorded: Recorded;
  readonly session: Session;
}

/** Pure functions of tensors, recorded at their first call for each structure of tree, as graphs of their own. */
export class CapturedFunctions {
  readonly #backend: NativeBackend;
  readonly #byMember = new Map<MemberRun, Map<string, Captured>>();

  constructor(backend: NativeBackend) {
    this.#backend = backend;
  }

  /** @throws RegularizerError with code `cannot-capture` */
  readonly compute: TrainingSession['compute'] = (member, run, tree) => {
    const known = this.#byMember.get(member) ?? new Map<string, Captured>();
    this.#byMember.set(member, known);
    const tensors = tensorsOf(tree);
    const ids = this.#ids(tensors);
    // Tensors that are one this time may be two the next.
    const structure = JSON.stringify([structureOf(tree), ids.map((id) => ids.indexOf(id))]);
    const captured = known.get(structure) ?? this.#capture(structure, () => run(tree), tensors);
    known.set(structure, captured);
    const names = tensors.map((_, i) => `input_${i}:0`).join();
    const [result] = captured.session.run(ids, names, 'result:0');
    return this.#backend.createOutputTensor(result!);
  };

  /** Closes what no other member uses. */
  release(member: MemberRun): void {
    const own = [...(this.#byMember.get(member)?.values() ?? [])];
    this.#byMember.delete(member);
    const others = new Set([...this.#byMember.values()].flatMap((known) => [...known.values()]));
    for (const captured of own) if (!others.has(captured)) captured.session.close();
  }

  #capture(structure: string, run: () => tf.Tensor, tensors: readonly tf.Tensor[]): Captured {
    const first = this.#record(run, tensors);
    for (const known of this.#byMember.values()) {
      const other = known.get(structure);
      if (other && isSame(other.recorded, first)) return other;
    }
    checkSame(first.recording, this.#record(run, tensors).recording);
    return {recorded: first, session: this.#open(first, tensors)};
  }

  #record(run: () => tf.Tensor, tensors: readonly tf.Tensor[]): Recorded {
    const inputs = this.#ids(tensors);
    const {result, recording} = record(this.#backend, new Set(inputs), () =>
      scope(() => idOf(this.#backend, run())),
    );
    return {recording, inputs, outputs: [result]};
  }

  #open({recording, inputs, outputs}: Recorded, tensors: readonly tf.Tensor[]): Session {
    const writer = new GraphWriter(this.#backend.binding);
    const known = new Map(
      inputs.map((id, i) => {
        const {shape, dtype} = tensors[i]!;
        return [id, writer.placeholder(`input_${i}`, typeNumber(this.#backend.binding, dtype), shape)];
      }),
    );
    const {names} = writeRecording(
      writer,
      '',
      simplify(recording),
      known,
      new Variables(writer, new Map()),
      outputs,
    );
    writer.add('result', 'Identity', [names[0]!], {T: {type: this.#backend.binding.TF_FLOAT}});
    return new Session(this.#backend.binding, writer.nodes);
  }

  #ids(tensors: readonly tf.Tensor[]): number[] {
    return tensors.map((tensor) => idOf(this.#backend, tensor));
  }
}
