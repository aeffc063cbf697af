import type {WeightInfo} from './info.ts';
import {printable} from './printable.ts';
import {having, hookNames, type Program} from './program/program.ts';

/**
 * What runs where and in which order, as text: per hook the plugins that have it, then what each one touches,
 * then how many parameters are trained.
 */
export function explainProgram(program: Program, idle: readonly string[]): string {
  const hooks = hookNames.flatMap((hook) => {
    const names = having(program, hook).map(({name}) => name);
    return names.length > 0 ? [`  ${hook.padEnd(12)}${names.join(' → ')}`] : [];
  });
  const touched = program.plugins.flatMap(({name, at, derived}) => [
    ...(at.size > 0 ? [`  ${name} acts at ${[...at].join(', ')}`] : []),
    ...derived.map((one) => `  ${name} derives ${one.name} from ${one.from.join(', ')}`),
  ]);
  const trained = count(program.weights, 'trained');
  const derived = count(program.weights, 'derived');
  const lines = [
    `${program.optimizer.name} on ${program.losses.map(({name}) => name).join(' + ')}`,
    ...(hooks.length > 0 ? ['hooks, in order:', ...hooks] : ['no hooks run']),
    ...(touched.length > 0 ? ['where:', ...touched] : []),
    ...(idle.length > 0 ? [`at their null setting, so left out: ${idle.join(', ')}`] : []),
    `parameters: ${trained} trained${derived > 0 ? `, ${derived} more derived from them` : ''}`,
  ];
  return printable(lines.join('\n'));
}

function count(weights: readonly WeightInfo[], role: WeightInfo['role']): number {
  return weights
    .filter((info) => info.role === role)
    .reduce((sum, {shape}) => sum + shape.reduce((product, n) => product * n, 1), 0);
}
