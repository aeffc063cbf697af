import {join} from 'node:path';
import {peers} from '../peers.ts';
import type {Comparison, Results} from '../results.ts';
import {spreadOf} from '../rounds.ts';
import {type PlotOptions, plot, type Series} from './plot.ts';
import {sections, type Table} from './tables.ts';

/** Writes benchmarks.md and its plots into a folder. */
export function writePage(
  folder: string,
  results: Results,
  save: (path: string, content: string) => void,
): void {
  const plots = plotsOf(results);
  for (const [name, options] of Object.entries(plots)) save(join(folder, 'benchmarks', name), plot(options));
  save(join(folder, 'benchmarks.md'), page(results, plots));
}

function page(results: Results, plots: Readonly<Record<string, PlotOptions>>): string {
  const {machine, command, date, rounds, problems} = results;
  const parts = [
    '# Benchmarks',
    `Everything here is written by \`${command}\`; nothing is added by hand. It was last run on ${date}, with Node ${machine.node} on ${machine.cores} cores of ${machine.cpu}, ${machine.memoryGiB} GiB.`,
    `All ways of training take turns in one run: each has a process of its own, which waits while the others train; the order changes from round to round. Numbers are medians of ${rounds} rounds’ ratios, with their quartiles. They hold for this machine; run the command to get yours. Everyone trains the same model from the same weights on the same examples; the losses of the first steps are compared.`,
    ...sections(results).flatMap(({heading, text, tables}) => [
      `## ${heading}`,
      text,
      ...tables.flatMap(({title, table}) => [`### ${title}`, markdown(table)]),
    ]),
    ...Object.entries(plots).flatMap(([name, {title}], index) => [
      ...(index === 0 ? ['## Plots'] : []),
      `![${title}](benchmarks/${name})`,
    ]),
    ...(problems.length > 0
      ? ['## Left out', problems.map((one) => `- ${one.split('\n')[0]}`).join('\n')]
      : []),
    'Programs launched per step in the browser are counted by a test, `apps/lab/test/launches.webgl.test.ts`.',
  ];
  return `${parts.join('\n\n')}\n`;
}

function markdown([head = [], ...body]: Table): string {
  const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [row(head), row(head.map(() => '---')), ...body.map(row)].join('\n');
}

function plotsOf({comparisons}: Results): Readonly<Record<string, PlotOptions>> {
  const of = (experiment: Comparison['experiment'], caseName?: string): readonly Comparison[] =>
    comparisons.filter(
      (one) => one.experiment === experiment && (caseName === undefined || one.caseName === caseName),
    );
  const step = 'time of a step, relative';
  const plots: Record<string, PlotOptions> = {};
  const add = (name: string, options: PlotOptions): void => {
    if (options.series.some(({points}) => points.length > 1)) plots[name] = options;
  };
  for (const caseName of new Set(of('steps').map((one) => one.caseName))) {
    const list = of('steps', caseName);
    const title = `${list[0]?.title}: cost by batch size`;
    add(`batch-${caseName}.svg`, {title, x: 'batch', y: step, series: lines(list, ({batch}) => batch)});
  }
  const width = {title: 'MLP: cost by width', x: 'units of the first hidden layer', y: step};
  add('width.svg', {...width, series: lines(of('width'), ({size = 0}) => size)});
  const members = {title: 'Ensembles: cost by members', x: 'members', y: 'time of the training, relative'};
  add('members.svg', {...members, series: lines(of('ensemble'), ({size = 0}) => size)});
  const [count] = of('count');
  if (count) {
    const bare = spreadOf(count.times['0'] ?? [1]).median;
    const points = Object.entries(count.times).map(([name, times]) => ({
      x: Number(name),
      y: spreadOf(times).median / bare,
    }));
    const series = [{name: 'captured', color: 0, points}];
    add('regularizers.svg', {
      title: 'MLP: cost by regularizers',
      x: 'regularizers',
      y: step,
      series,
      linear: true,
    });
  }
  return plots;
}

/** A line per peer: medians over those of our captured one at the first place. */
function lines(list: readonly Comparison[], place: (one: Comparison) => number): readonly Series[] {
  const [first] = list;
  if (!first?.times['captured']) return [];
  const unit = spreadOf(first.times['captured']).median / first.steps;
  const per = first.experiment === 'ensemble' ? 1 / first.steps : 0;
  return peers
    .map(({name, title}, color) => ({
      name: title,
      color,
      points: list.flatMap((one) => {
        const times = one.times[name];
        if (!times || times.length === 0) return [];
        const steps = per > 0 ? first.steps : one.steps;
        return [{x: place(one), y: spreadOf(times).median / steps / unit}];
      }),
    }))
    .filter(({points}) => points.length > 0);
}
