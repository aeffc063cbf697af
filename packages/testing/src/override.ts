/**
 * Overrides a method of an instance.
 *
 * @param replace makes the override out of the method that is there, which it calls with the instance as `this`
 * @returns what takes the override off; if another has been put over it meanwhile, it stays, and only calls the method
 */
export function override<Member extends string, Args extends unknown[], Result>(
  target: {[key in Member]: (...args: Args) => Result},
  member: Member,
  replace: (original: (...args: Args) => Result) => (...args: Args) => Result,
): () => void {
  const own = Object.getOwnPropertyDescriptor(target, member);
  const method = target[member];
  const original = (...args: Args): Result => method.apply(target, args);
  let current = replace(original);
  const value = (...args: Args): Result => current(...args);
  Object.defineProperty(target, member, {value, configurable: true, writable: true});
  return () => {
    current = original;
    if (target[member] !== value) return;
    if (own) Object.defineProperty(target, member, own);
    else Reflect.deleteProperty(target, member);
  };
}
