import type {GraphWriter} from './graph.ts';
import type {AttributeProto} from './saved-model.ts';

/** A variable that holds a leaf of the state. */
export interface Variable {
  /** The name of its node. */
  readonly handle: string;
  /** One of the addon's type numbers. */
  readonly dtype: number;
  /** The step leaves it as it was. */
  readonly isKept: boolean;
}

/**
 * The variables of one step, and their reads and updates in the order in which they are written. TensorFlow runs
 * nodes in any order that the graph's edges allow, and an update changes what a later read gets: so each access waits
 * for those before it by an edge of its own, whether or not values flow from one to the other.
 */
export class Variables {
  readonly #writer: GraphWriter;
  readonly #byTensor: ReadonlyMap<number, Variable>;
  /** The nodes that a variable's next update waits for. */
  readonly #accesses = new Map<Variable, string[]>();
  readonly #updates = new Map<Variable, string>();

  /** @param byTensor - the variables by the numbers of the tensors that they hold when the step begins */
  constructor(writer: GraphWriter, byTensor: ReadonlyMap<number, Variable>) {
    this.#writer = writer;
    this.#byTensor = byTensor;
  }

  /** The variable that held a tensor when the step began. */
  of(tensor: number): Variable | undefined {
    return this.#byTensor.get(tensor);
  }

  /** A read of what the variable holds now. */
  read(name: string, variable: Variable): string {
    const {handle, dtype} = variable;
    const last = this.#updates.get(variable);
    const after = last === undefined ? [] : [`^${last}`];
    this.#writer.add(name, 'ReadVariableOp', [handle, ...after], {dtype: {type: dtype}});
    this.#accesses.set(variable, [...(this.#accesses.get(variable) ?? []), name]);
    return name;
  }

  /**
   * An op that changes variables, which are its first inputs.
   *
   * @param inputs - the others
   */
  update(
    name: string,
    op: string,
    variables: readonly Variable[],
    inputs: readonly string[],
    attr: Readonly<Record<string, AttributeProto>>,
  ): string {
    const after = variables.flatMap((variable) => this.#accesses.get(variable) ?? []);
    const handles = variables.map(({handle}) => handle);
    this.#writer.add(name, op, [...handles, ...inputs, ...after.map((node) => `^${node}`)], attr);
    for (const variable of variables) {
      this.#accesses.set(variable, [name]);
      this.#updates.set(variable, name);
    }
    return name;
  }

  /** The last updates: a step is done when they are. */
  get updates(): readonly string[] {
    return [...new Set(this.#updates.values())];
  }
}
