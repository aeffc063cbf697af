import {existsSync, mkdirSync} from 'node:fs';
import {delimiter, join} from 'node:path';
import {type CacheEntry, machineName, readEntry} from '../cache.ts';
import {ownBinding} from '../locate.ts';
import {folderBytes, publish, temporaryFolder} from './files.ts';
import {copyFolder, installPackage} from './package.ts';
import {lastLines} from './run.ts';
import type {Tools} from './tools.ts';
import {verifyBinding} from './verify.ts';

/** How long the script may go without a byte of progress, and in all. */
const patience = {still: 30_000, all: 900_000};

/** What {@link installStock} found. */
export type StockResult = {readonly entry: CacheEntry} | {readonly reason: string};

/**
 * Runs tfjs-node's own install script, in a copy in the cache: a script that fails half way leaves the
 * project's node_modules as they were. That it fails is expected while its download is closed, so the reason is
 * returned and not thrown.
 *
 * @param version - the version of tfjs-node
 * @param tools - the tools
 * @returns the new entry of the cache, or why there is none
 */
export async function installStock(version: string, tools: Tools): Promise<StockResult> {
  using staging = temporaryFolder(tools.root);
  const folder = await installPackage(staging.path, version, tools);
  tools.onProgress({stage: 'stock', message: "Trying tfjs-node's own install script"});
  const {ok, output, stopped} = await runPatiently(folder, tools);
  const binding = join(folder, ownBinding);
  if (stopped) return {reason: stopped};
  if (!ok || !existsSync(binding)) return {reason: failureOf(output)};
  const {version: tensorflow, problem} = await verifyBinding(binding, tools);
  if (!tensorflow) return {reason: problem};
  return {entry: keep(folder, {tfjsNode: version, tensorflow}, tools)};
}

async function runPatiently(folder: string, tools: Tools) {
  const {PATH: path = ''} = process.env;
  const limit = new AbortController();
  let stopped: string | undefined;
  let [bytes, since] = [0, Date.now()];
  const start = since;
  const timer = setInterval(async () => {
    const now = await folderBytes(folder);
    if (now !== bytes) [bytes, since] = [now, Date.now()];
    const late = Date.now() - since > patience.still || Date.now() - start > patience.all;
    if (!late) return;
    stopped = 'it made no progress and was stopped';
    limit.abort();
  }, 1000);
  const signal = tools.signal ? AbortSignal.any([tools.signal, limit.signal]) : limit.signal;
  try {
    const outcome = await tools.run({
      program: process.execPath,
      args: [join('scripts', 'install.js')],
      cwd: folder,
      env: {PATH: `${join(folder, '..', '..', '.bin')}${delimiter}${path}`},
      signal,
    });
    return {...outcome, stopped};
  } catch (error) {
    if (stopped) return {ok: false, output: '', stopped};
    throw error;
  } finally {
    clearInterval(timer);
  }
}

/** The one line of the script's output that says why: that of the error that ended it. */
function failureOf(output: string): string {
  const line = output.match(/^.*\b(Error|error):? .*$/m)?.[0] ?? lastLines(output, 1);
  return line.trim() || 'it made no addon';
}

function keep(folder: string, versions: {tfjsNode: string; tensorflow: string}, tools: Tools): CacheEntry {
  using staging = temporaryFolder(tools.root);
  for (const part of [join('deps', 'lib'), join('lib', 'napi-v8')]) {
    mkdirSync(join(staging.path, part, '..'), {recursive: true});
    copyFolder(join(folder, part), join(staging.path, part));
  }
  const target = join(tools.root, `${versions.tfjsNode}-${versions.tensorflow}-stock-${machineName}`);
  publish(staging.path, target, {
    ...versions,
    source: 'stock',
    binding: 'lib/napi-v8/tfjs_binding.node',
  });
  return readEntry(target)!;
}
