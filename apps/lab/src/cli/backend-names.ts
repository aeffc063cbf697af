/** What `--backend` may say. */
export const backendNames = ['auto', 'native', 'cpu', 'wasm', 'webgl'] as const;

/** A backend by name; `auto` is native, else the fastest that can train the model. */
export type BackendName = (typeof backendNames)[number];

/** A backend that is one. */
export type FixedBackend = Exclude<BackendName, 'auto'>;

/** A backend that trains in this process. */
export type LocalBackend = Exclude<FixedBackend, 'webgl'>;
