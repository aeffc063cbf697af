import {peers} from '../peers.ts';
import type {Comparison, Results, Trace} from '../results.ts';
import {ratioOf, type Spread} from '../rounds.ts';

/** Rows of cells, the first one the head. */
export type Table = readonly (readonly string[])[];

/** A table under a heading, with what its numbers are. */
export interface Section {
  readonly heading: string;
  readonly text: string;
  readonly tables: readonly {readonly title: string; readonly table: Table}[];
}

const titles = new Map(peers.map(({name, title}) => [name, title]));
const titleOf = (name: string): string => titles.get(name) ?? name;

/** `1.23 (1.20–1.30)` */
function showSpread(spread: Spread | undefined): string {
  if (!spread) return '';
  const show = (value: number): string =>
    value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
  return `${show(spread.median)} (${show(spread.low)}–${show(spread.high)})`;
}

/** All that was measured, as tables. */
export function sections(results: Results): readonly Section[] {
  const of = (experiment: Comparison['experiment']): readonly Comparison[] =>
    results.comparisons.filter((one) => one.experiment === experiment);
  const all: Section[] = [
    {
      heading: 'One training step',
      text: 'How many times as long as with our trainer, captured: a step is an epoch’s time divided by its steps, with shuffling, batches and the report of the loss.',
      tables: [...byTitle(of('steps'), ({batch}) => `batch ${batch}`), ...of('steps').flatMap(lossTable)],
    },
    {
      heading: 'Overhead of the trainer',
      text: 'Our trainer, eager, beside a loop written by hand that runs the same operations.',
      tables: rows('Eager trainer ÷ loop', of('overhead'), 'eager', 'same'),
    },
    {
      heading: 'What regularizers cost',
      text: 'A captured step with the regularizer ÷ the bare captured step.',
      tables: of('plugins').map(({title, batch, times}) => ({
        title: `${title}, batch ${batch}`,
        table: [
          ['regularizer', 'cost'],
          ...Object.keys(times)
            .filter((name) => name !== 'none')
            .map((name) => [name, showSpread(ratioOf(times, name, 'none'))]),
        ],
      })),
    },
    {
      heading: 'What exchanged ops and oneDNN are worth',
      text: 'A captured step with l2 and input noise, without the one or the other ÷ the same with all: above 1, it is worth having.',
      tables: of('exchanges').map(({title, batch, times}) => ({
        title: `${title}, batch ${batch}`,
        table: [
          ['step', 'time'],
          ...Object.keys(times)
            .filter((name) => name !== 'all')
            .map((name) => [name, showSpread(ratioOf(times, name, 'all'))]),
        ],
      })),
    },
    {
      heading: 'How cost grows with the number of regularizers',
      text: 'A captured step with the first so many of the headline regularizers ÷ the bare captured step.',
      tables: of('count').map(({title, times}) => ({
        title,
        table: [
          ['regularizers', 'cost'],
          ...Object.keys(times)
            .filter((name) => name !== '0')
            .map((name) => [name, showSpread(ratioOf(times, name, '0'))]),
        ],
      })),
    },
    {
      heading: 'How cost grows with width',
      text: 'How many times as long as with our trainer, captured.',
      tables: growth('Batch 128', of('width'), (size) => `${size} units`),
    },
    {
      heading: 'Ensembles',
      text: 'Whole trainings from scratch of k models, 20 epochs each, the graph’s opening included: how many times as long as `bagging` with our trainer, captured. For the others, one training is measured and counted k times.',
      tables: growth('Members of a small MLP', of('ensemble'), (size) => `k = ${size}`),
    },
    {
      heading: 'Time to the first step',
      text: 'From a built model to the end of its first step, in a process that has trained before: how many times as long as with our trainer, captured.',
      tables: byCase(of('first')),
    },
    {
      heading: 'Augmentation',
      text: 'Images per second, ours (eager, a whole batch at once) ÷ torchvision’s (picture by picture).',
      tables: rows('Images per second', of('augment'), 'torch', 'eager'),
    },
    memorySection(results),
    profileSection(results),
    traceSection(results),
  ];
  return all.filter(({tables}) => tables.length > 0);
}

/** One table per model: a row per peer, a column per setting. */
function byTitle(list: readonly Comparison[], column: (one: Comparison) => string): Section['tables'] {
  return [...new Set(list.map(({title}) => title))].map((title) => {
    const own = list.filter((one) => one.title === title);
    return {title, table: against(own, own.map(column))};
  });
}

function growth(
  title: string,
  list: readonly Comparison[],
  column: (size: number) => string,
): Section['tables'] {
  if (list.length === 0) return [];
  return [
    {
      title,
      table: against(
        list,
        list.map(({size = 0}) => column(size)),
      ),
    },
  ];
}

function byCase(list: readonly Comparison[]): Section['tables'] {
  if (list.length === 0) return [];
  return [
    {
      title: 'Batch 128',
      table: against(
        list,
        list.map(({title}) => title),
      ),
    },
  ];
}

/** Ratios to our captured trainer, or where it was left out to whoever comes first. */
function against(list: readonly Comparison[], columns: readonly string[]): Table {
  const all = [...new Set(list.flatMap(({times}) => Object.keys(times)))];
  const base = all.includes('captured') ? 'captured' : (all[0] ?? '');
  const names = all.filter((name) => name !== base);
  return [
    [`÷ ${titleOf(base)}`, ...columns],
    ...names.map((name) => [titleOf(name), ...list.map(({times}) => showSpread(ratioOf(times, name, base)))]),
  ];
}

function rows(title: string, list: readonly Comparison[], of: string, to: string): Section['tables'] {
  const made = list.flatMap(({title: model, backend, times}) => {
    const ratio = ratioOf(times, of, to);
    return ratio ? [[model, backend, showSpread(ratio)]] : [];
  });
  return made.length > 0 ? [{title, table: [['model', 'backend', 'ratio'], ...made]}] : [];
}

/** Only where someone's losses are not those of the others: it did not do the same work. */
function lossTable({title, batch, losses = {}}: Comparison): Section['tables'] {
  const values = Object.values(losses);
  const [reference = Number.NaN] = values;
  if (values.every((loss) => Math.abs(loss - reference) <= 0.02 * Math.abs(reference))) return [];
  const table = [
    ['', 'loss'],
    ...Object.entries(losses).map(([name, loss]) => [titleOf(name), loss.toPrecision(4)]),
  ];
  return [{title: `${title}, batch ${batch}: losses of the first steps differ`, table}];
}

function memorySection({memory}: Results): Section {
  const made = Object.entries(memory).flatMap(([name, points]) => {
    const last = points.at(-1);
    // What libraries set aside once is there by then.
    const settled = points.find(({step}) => step >= (last?.step ?? 0) / 4);
    if (!last || !settled) return [];
    const growth = ((last.residentBytes / settled.residentBytes - 1) * 100).toFixed(1);
    return [
      [titleOf(name), `${settled.step}–${last.step}`, `${settled.tensors} → ${last.tensors}`, `${growth} %`],
    ];
  });
  return {
    heading: 'Memory',
    text: 'An MLP with l2, dropout and ema: tfjs’s count of tensors, and growth of the resident memory.',
    tables:
      made.length > 0 ? [{title: 'Memory', table: [['', 'steps', 'tensors', 'resident'], ...made]}] : [],
  };
}

function profileSection({profiles}: Results): Section {
  const made = profiles.map(({title, way, profile: {milliseconds, calls, ops}}) => {
    const share = (name: string): string =>
      `${(((calls[name]?.milliseconds ?? 0) / milliseconds) * 100).toFixed(0)} %`;
    const inAddon = Object.values(calls).reduce((sum, call) => sum + call.milliseconds, 0);
    const count = Object.values(ops).reduce((sum, op) => sum + op.count, 0);
    return [
      title,
      titleOf(way),
      count.toFixed(1),
      share('executeOp'),
      share('runSavedModel'),
      share('tensorDataSync'),
      `${((1 - inAddon / milliseconds) * 100).toFixed(0)} %`,
    ];
  });
  const head = ['model', '', 'ops run one by one', 'in them', 'in the session', 'reading back', 'JavaScript'];
  return {
    heading: 'Where a step’s time goes',
    text: 'Batch 128. Ops per step that JavaScript runs one by one, and shares of the step’s time.',
    tables: made.length > 0 ? [{title: 'Profile', table: [head, ...made]}] : [],
  };
}

/** Ops that take a noticeable share in one of the columns; the others are one row. */
function traceSection({traces = []}: Results): Section {
  const sum = ({ops}: Trace, kinds: readonly string[] = Object.keys(ops)): number =>
    kinds.reduce((total, kind) => total + (ops[kind]?.microseconds ?? 0), 0);
  const [bare] = traces;
  const whole = bare ? sum(bare) : 1;
  const kinds = [...new Set(traces.flatMap(({ops}) => Object.keys(ops)))];
  const most = (kind: string): number => Math.max(...traces.map((trace) => sum(trace, [kind])));
  const shown = kinds.filter((kind) => most(kind) >= whole / 40).sort((a, b) => most(b) - most(a));
  const rest = kinds.filter((kind) => !shown.includes(kind));
  const row = (title: string, of: readonly string[]): string[] => [
    title,
    ...traces.map((trace) => `${((100 * sum(trace, of)) / whole).toFixed(0)} %`),
  ];
  const table = [
    ['op', ...traces.map(({name}) => name)],
    ...shown.map((kind) => row(kind, [kind])),
    row('others', rest),
    row('all', kinds),
  ];
  return {
    heading: 'Within TensorFlow',
    text: 'The captured step of the MLP at batch 128, traced by TensorFlow: time in ops, summed over threads, as shares of that of the bare step.',
    tables: bare ? [{title: 'Ops', table}] : [],
  };
}

/** The tables as text for a terminal. */
export function summary(results: Results): string {
  const parts = sections(results).map(({heading, text, tables}) =>
    [
      `\n${heading.toUpperCase()}\n${text}`,
      ...tables.map(({title, table}) => `\n${title}\n${aligned(table)}`),
    ].join('\n'),
  );
  return `${parts.join('\n')}\n`;
}

function aligned(table: Table): string {
  const widths = (table[0] ?? []).map((_, column) =>
    Math.max(...table.map((row) => row[column]?.length ?? 0)),
  );
  return table
    .map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd())
    .join('\n');
}
