// Node only: news of a search.
import {printable} from '@regularizers/core';
import type {SearchProgress, TrialPlan} from '@regularizers/search';
import {SingleBar} from 'cli-progress';
import {formatMeasure, formatSeconds, type Measure} from '../report/rows.ts';
import {stageSentences, trialText} from '../search/words.ts';
import {type Output, say} from './output.ts';

/** News of a search, as a bar with what is best so far on a terminal, and as lines elsewhere. */
export interface SearchView {
  start(trial: TrialPlan): void;
  update(progress: SearchProgress): void;
  say(line: string): void;
  close(): void;
}

/** When a search ends. */
export interface SearchBudget {
  readonly trials?: number | undefined;
  readonly minutes?: number | undefined;
}

/** Lines of news, without those that repeat what was said. */
function newsOf(measure: Measure): (progress: SearchProgress, what: string) => readonly string[] {
  let stage: SearchProgress['stage'] | undefined;
  let least = Infinity;
  return ({stage: now, trials, last, best, seconds}, what) => {
    const lines = now === stage ? [] : [stageSentences[now]];
    stage = now;
    const result = last.validation === null ? 'failed' : formatMeasure(last.validation, measure);
    lines.push(`[${trials}] ${what}: validation ${measure} ${result}`);
    if (best && best.error < least) {
      least = best.error;
      lines.push(`Best so far: ${formatMeasure(best.error, measure)}, after ${formatSeconds(seconds)}`);
    }
    return lines;
  };
}

export function searchView(output: Output, budget: SearchBudget, measure: Measure): SearchView {
  return output.isTTY ? bar(output, budget, measure) : lines(output, measure);
}

function lines(output: Output, measure: Measure): SearchView {
  const news = newsOf(measure);
  const running = new Map<string, string>();
  const keyOf = ({point, seed}: SearchProgress['last']['trial']): string => JSON.stringify([seed, point]);
  return {
    start: (trial) => void running.set(keyOf(trial), trialText(trial)),
    update: (progress) => {
      const key = keyOf(progress.last.trial);
      for (const line of news(progress, running.get(key) ?? '')) say({stderr: output}, line);
      running.delete(key);
    },
    say: (line) => say({stderr: output}, line),
    close: () => {},
  };
}

function bar(output: Output, {trials, minutes}: SearchBudget, measure: Measure): SearchView {
  const one = new SingleBar({
    stream: output as NodeJS.WriteStream,
    format: '{bar} {percentage} %, {left}{best}{what}',
    barCompleteChar: '█',
    barIncompleteChar: '░',
    hideCursor: true,
    clearOnComplete: true,
    fps: 8,
  });
  one.start(100, 0, {left: '', best: '', what: ''});
  return {
    start: (trial) => one.update({what: `; ${printable(trialText(trial))}`}),
    update: ({trials: done, seconds, best}) => {
      const gone = Math.max(
        trials === undefined ? 0 : done / trials,
        minutes === undefined ? 0 : seconds / (60 * minutes),
      );
      const left = gone > 0 ? Math.max(0, seconds / gone - seconds) : 0;
      one.update(Math.min(100, Math.round(100 * gone)), {
        left: `${formatSeconds(left)} left`,
        best: best ? `, best ${formatMeasure(best.error, measure)}` : '',
      });
    },
    say: (line) => {
      output.write(`\r\u001b[K${printable(line)}\n`);
    },
    close: () => one.stop(),
  };
}
