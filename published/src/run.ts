// Programs that are run as a user would: without what npm and vitest tell their children.
import {spawn} from 'node:child_process';
import {join} from 'node:path';
import {root} from './workspace.ts';

/** How a program ended. */
export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Settings of npm that say where packages come from stay: whatever registry this machine uses. */
const ofRegistries =
  /^npm_config_(.*registry|.*auth.*|.*proxy|ca|cafile|strict_ssl|userconfig|globalconfig|cache|store_dir)$/i;

/** The environment as it is in a user's shell. */
export function usersEnvironment(more: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) =>
      !/^(vite|vitest|node_env|node_path|node_options|init_cwd|pnpm_|regularizers_npm|test$|prod$|dev$|ssr$|mode$)/i.test(
        name,
      ) &&
      (!/^npm_/i.test(name) || ofRegistries.test(name)),
  );
  return {...Object.fromEntries(kept), NO_COLOR: '1', CI: '1', ...more};
}

/** Runs a program to its end; what it returns says how that was. */
export function tryRun(
  program: string,
  args: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>> = {},
): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {cwd, env: usersEnvironment(env), stdio: ['ignore', 'pipe', 'pipe']});
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (data) => {
      stdout += data;
    });
    child.stderr.on('data', (data) => {
      stderr += data;
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({code: code ?? 1, stdout, stderr}));
  });
}

/**
 * Runs a program that has to succeed.
 *
 * @returns what it wrote to its standard output
 * @throws Error with all that it wrote if it failed
 */
export async function run(...given: Parameters<typeof tryRun>): Promise<string> {
  const {code, stdout, stderr} = await tryRun(...given);
  if (code !== 0)
    throw new Error(`${given[0]} ${given[1].join(' ')} ended with ${code}:\n${stdout}\n${stderr}`);
  return stdout;
}

/** A tool of this workspace, by its name. */
export const tool = (name: string): string => join(root, 'node_modules', '.bin', name);
