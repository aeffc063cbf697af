/** Fails a check: what is wrong, and the evidence. */
export function fail(what: string, evidence: string): never {
  throw new Error(`${what}: ${evidence}`);
}
