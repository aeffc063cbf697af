#!/usr/bin/env node
import {parseArgs} from 'node:util';
import {printable} from '@regularizers/core';
import {diagnoseNative} from './doctor.ts';
import {NativeError} from './errors.ts';
import {progressWriter} from './progress.ts';
import {registerNative} from './register.ts';
import {setupNative} from './setup/setup.ts';

const usage = `Usage: regularizers-native <command>

  setup    make sure that this machine has a native TensorFlow for TensorFlow.js
             --force         make it anew although one works
             --wheel         don't try tfjs-node's own install script first
  doctor   say what is there and what is missing
`;

async function setup(options: {force?: boolean; wheel?: boolean}): Promise<number> {
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort());
  process.once('SIGTERM', () => stop.abort());
  const progress = progressWriter(process.stderr);
  const {tensorflowVersion, source, bindingPath, tried} = await setupNative({
    onProgress: progress.show,
    signal: stop.signal,
    force: options.force ?? false,
    ...(options.wheel ? {sources: ['wheel']} : {}),
  }).finally(progress.end);
  for (const {source: failed, reason} of tried)
    process.stderr.write(printable(`Passed over ${failed}: ${reason}\n`));
  process.stdout.write(printable(`TensorFlow ${tensorflowVersion} (${source}): ${bindingPath}\n`));
  return 0;
}

async function doctor(): Promise<number> {
  const {works, findings} = await diagnoseNative();
  for (const {name, ok, detail} of findings) {
    process.stdout.write(printable(`${ok ? '✓' : '✗'} ${name.padEnd(16)} ${detail}\n`));
  }
  if (works) await registerNative(); // throws what is wrong if the addon is fine but tfjs isn't
  process.stdout.write(works ? 'The native backend works.\n' : 'Run: npx regularizers-native setup\n');
  return works ? 0 : 1;
}

async function main(): Promise<number> {
  const {values, positionals} = parseArgs({
    allowPositionals: true,
    options: {force: {type: 'boolean'}, wheel: {type: 'boolean'}, help: {type: 'boolean', short: 'h'}},
  });
  const [command] = positionals;
  if (command === 'setup' && !values.help) return setup(values);
  if (command === 'doctor' && !values.help) return doctor();
  process.stdout.write(usage);
  return values.help ? 0 : 2;
}

try {
  process.exitCode = await main();
} catch (error) {
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(
    printable(`${NativeError.isInstance(error) ? message : `regularizers-native: ${message}`}\n`),
  );
  process.exitCode = 1;
}
