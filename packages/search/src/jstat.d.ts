/** What is used of jstat, which brings no types. */
declare module 'jstat' {
  interface Distributions {
    readonly normal: {
      cdf(x: number, mean: number, sigma: number): number;
      inv(probability: number, mean: number, sigma: number): number;
    };
    readonly studentt: {
      cdf(x: number, degrees: number): number;
      inv(probability: number, degrees: number): number;
    };
    readonly noncentralt: {cdf(x: number, degrees: number, noncentrality: number): number};
  }
  const jstat: Distributions;
  // biome-ignore lint/style/noDefaultExport: a CommonJS module has no other
  export default jstat;
}
