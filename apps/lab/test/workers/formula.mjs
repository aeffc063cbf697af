// What a search of tests trains: a formula, in processes that cannot read TypeScript.
export function errorAt({point, seed}) {
  const far = (value, best) => Math.log10(Number(value) / best) ** 2;
  const noise = Math.sin(seed * 12.9898) * 43758.5453;
  const own = Math.sin(seed + JSON.stringify(point).length) * 1e4;
  const helped = point.helpful ? 0.1 * Math.exp(-far(point['helpful.strength'], 1e-2)) : 0;
  const harmed = point.harmful ? 0.05 : 0;
  return (
    0.3 +
    0.02 * far(point.learningRate, 3e-3) -
    helped +
    harmed +
    0.02 * (noise - Math.floor(noise)) +
    0.002 * (own - Math.floor(own))
  );
}
