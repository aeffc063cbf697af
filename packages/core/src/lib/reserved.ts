/**
 * Why a name cannot be a key of what is saved: checkpoints mark tensors and odd numbers by keys that begin with `$`, and
 * what every object has by its birth, such as `constructor`, is found under that name where nothing was put.
 *
 * @returns the rest of a message, or undefined for a name that can be one
 */
export function whyReserved(name: string): string | undefined {
  if (name.startsWith('$')) return `the name ${name} begins with $, as marks in checkpoints do`;
  return name in Object.prototype ? `the name ${name} is one that every object has` : undefined;
}
