import type {LayersModel} from '@tensorflow/tfjs-layers';

/** The members of a layer that hold other layers: of containers, wrappers and recurrent layers. */
const nests = ['layers', 'model', 'layer', 'forwardLayer', 'backwardLayer', 'cell', 'cells'];
/** What training overrides on instances, and must take off again. */
const overrides = {layer: ['call', 'apply'], variable: ['read', 'write', 'assign']};

/** Methods that are overridden on a model's layers or variables, such as `hidden.call` or `hidden/kernel.read`. */
export function overridden(model: LayersModel): readonly string[] {
  const found: string[] = [];
  const seen = new Set<object>();
  const note = (target: object, name: unknown, members: readonly string[]): void => {
    found.push(
      ...members
        .filter((member) => Object.hasOwn(target, member))
        .map((member) => `${String(name)}.${member}`),
    );
  };
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) {
      value.forEach(visit);
    } else if (typeof value === 'object' && value !== null && !seen.has(value)) {
      seen.add(value);
      note(value, Reflect.get(value, 'name'), overrides.layer);
      const variables: unknown = Reflect.get(value, 'weights');
      for (const variable of Array.isArray(variables) ? variables : []) {
        if (seen.has(variable)) continue;
        seen.add(variable);
        note(variable, variable.name, overrides.variable);
      }
      for (const nest of nests) visit(Reflect.get(value, nest));
    }
  };
  visit(model);
  return found;
}
