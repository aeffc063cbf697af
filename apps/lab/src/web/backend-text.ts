import type {BackendInfo, BackendName, Speed} from './worker/protocol.ts';

/** What a person calls a backend. */
export const backendNames: Readonly<Record<BackendName, string>> = {
  webgl: 'WebGL',
  wasm: 'WebAssembly',
  cpu: 'plain JavaScript',
};

/** `WebGL, in software` */
export const backendText = ({name, software}: BackendInfo): string =>
  `${backendNames[name]}${name === 'webgl' && software ? ', in software' : ''}`;

/** `Measured for this model: WebAssembly 310 steps a second, WebGL 12.`; nothing where nothing was. */
export function speedsText(speeds: readonly Speed[]): string {
  if (speeds.length === 0) return '';
  const sorted = speeds.toSorted((a, b) => b.stepsPerSecond - a.stepsPerSecond);
  const parts = sorted.map(({name, stepsPerSecond}, index) => {
    const rate = Number(stepsPerSecond.toPrecision(2)).toLocaleString('en');
    return `${backendNames[name]} ${rate}${index === 0 ? ' steps a second' : ''}`;
  });
  return `Measured for this model: ${parts.join(', ')}.`;
}
