import {join} from 'node:path';
import {type OptionsOf, option, readOptions} from '@regularizers/core';
import type {CacheEntry} from '../cache.ts';
import {NativeError} from '../errors.ts';
import {findCandidates, type TfjsNodeCopy} from '../locate.ts';
import type {NativeInfo} from '../register.ts';
import {prepareRoot, sweep} from './files.ts';
import {lock} from './lock.ts';
import {measureOneDnn} from './measure.ts';
import {ensurePackage} from './package.ts';
import {installStock} from './stock.ts';
import {defaultTools, type SetupProgress, type Tools} from './tools.ts';
import {verifyBinding} from './verify.ts';
import {installWheel} from './wheel.ts';

/** Where set-up may get libtensorflow from. */
export type SetupSource = 'stock' | 'wheel';

/** Options of {@link setupNative}. */
export interface SetupNativeOptions {
  /** Is told how far it is: several times a second while it downloads. */
  readonly onProgress?: (progress: SetupProgress) => void;
  /** Stops it. Nothing half made is left. */
  readonly signal?: AbortSignal;
  /** What to try, in order. @defaultValue `['stock', 'wheel']` */
  readonly sources?: readonly SetupSource[];
  /** Whether to make it anew although one works. @defaultValue `false` */
  readonly force?: boolean;
}

const described = {
  onProgress: option.callback<(progress: SetupProgress) => void>()({about: 'Is told how far it is.'}),
  signal: option.instance<AbortSignal>(
    'an AbortSignal',
    (value) => value instanceof AbortSignal,
  )({about: 'Stops it.'}),
  sources: option.list<readonly SetupSource[]>(
    option.choice(['stock', 'wheel'], {about: 'Where libtensorflow comes from.'}),
  )({default: ['stock', 'wheel'], about: 'What to try, in order.'}),
  force: option.flag({default: false, about: 'Makes it anew although one works.'}),
} satisfies OptionsOf<SetupNativeOptions>;

/** What {@link setupNative} came to. */
export interface SetupResult extends NativeInfo {
  readonly bindingPath: string;
  /** What was tried before and why it didn't do, in order. */
  readonly tried: readonly {readonly source: NativeInfo['source']; readonly reason: string}[];
}

/** The room that making the backend takes, for a moment. */
const room = 1.5e9;

/**
 * Makes sure that this machine has a native backend, so that `registerNative` finds it. It takes, in order, a
 * tfjs-node that works as it is, tfjs-node's own install script, and libtensorflow out of TensorFlow's wheel
 * (which needs Python with pip and a C++ compiler; 270 MB to download, 850 MB on the disk). What it makes is
 * in a cache per user, where every project finds it: doing it again, anywhere, takes a moment. It writes
 * nothing to node_modules, and may run several times at once. What it downloads has to be what this package was tested
 * with, to the byte. At last it measures whether oneDNN's kernels are the faster ones on this processor, which takes
 * some seconds.
 *
 * @param options - progress, a signal to stop it, what to try
 * @returns which TensorFlow there is now, and what was tried in vain
 * @throws NativeError saying what is missing and how to get it; RegularizerError for options that are none
 *
 * @example
 * ```ts
 * await setupNative({onProgress: ({message, fraction}) => console.error(message, fraction ?? '')});
 * await registerNative();
 * ```
 */
export async function setupNative(options: SetupNativeOptions = {}): Promise<SetupResult> {
  const {onProgress, signal, sources, force} = readOptions('setupNative', options, described);
  return setupWith(defaultTools({signal, ...(onProgress ? {onProgress} : {})}), {sources, force});
}

/**
 * {@link setupNative} with given tools.
 *
 * @param tools - the tools
 * @param options - what to try
 * @returns as `setupNative` does
 */
export async function setupWith(
  tools: Tools,
  {sources = ['stock', 'wheel'], force = false}: Pick<SetupNativeOptions, 'sources' | 'force'> = {},
): Promise<SetupResult> {
  const tried: SetupResult['tried'][number][] = [];
  const ready = force ? undefined : await findWorking(tools, tried);
  if (ready) {
    await measureOneDnn(ready.bindingPath, tools, false);
    return ready;
  }
  await prepareRoot(tools.root, room);
  const onWait = () => tools.onProgress({stage: 'wait', message: 'Waiting for another set-up'});
  using _held = await lock(join(tools.root, 'setup.lock'), {onWait, signal: tools.signal});
  sweep(tools.root);
  const copy = await ensurePackage(tools);
  const meanwhile = force ? undefined : await findWorking(tools, []);
  if (meanwhile) return {...meanwhile, tried};
  const {folder, manifest} = await make(copy, sources, tools, tried);
  const {tensorflow, source, binding} = manifest;
  const bindingPath = join(folder, binding);
  await measureOneDnn(bindingPath, tools, true);
  tools.onProgress({stage: 'done', message: `TensorFlow ${tensorflow} is ready`});
  return {tensorflowVersion: tensorflow, source, bindingPath, tried};
}

async function findWorking(
  tools: Tools,
  tried: SetupResult['tried'][number][],
): Promise<SetupResult | undefined> {
  tools.onProgress({stage: 'check', message: 'Looking for a native backend'});
  for (const {bindingPath, source} of findCandidates(tools)) {
    const {version, problem} = await verifyBinding(bindingPath, tools);
    if (version) return {tensorflowVersion: version, source, bindingPath, tried};
    tried.push({source, reason: problem});
  }
  return undefined;
}

async function make(
  copy: TfjsNodeCopy,
  sources: readonly SetupSource[],
  tools: Tools,
  tried: SetupResult['tried'][number][],
): Promise<CacheEntry> {
  for (const source of sources) {
    if (source === 'wheel') return installWheel(copy, tools);
    const result = await installStock(copy.version, tools);
    if ('entry' in result) return result.entry;
    tried.push({source, reason: result.reason});
  }
  throw new NativeError(`tfjs-node's own install failed: ${tried.at(-1)?.reason ?? 'nothing was tried'}.`, {
    code: 'download-failed',
    hint: "Leave `sources` at its default to take libtensorflow out of TensorFlow's wheel.",
  });
}
