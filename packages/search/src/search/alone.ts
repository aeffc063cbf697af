// The stage of techniques alone: each at few strengths first, and the best of them at all.
import type {Part} from '../space/part.ts';
import {type IsLeft, sharesAlone, stageShares} from './budget.ts';
import {type Alone, bestAlone, bestOfFamilies} from './report.ts';
import {
  bestOf,
  errorOf,
  gainOf,
  type Raced,
  type Stages,
  screenAlone,
  screened,
  tuneAlone,
  tuneSettings,
} from './stages.ts';

/** Techniques that are tried at once: the same however many trials are run at once. */
const perGroup = 4;

/** What came of the techniques by themselves. */
export interface Tried {
  readonly alone: readonly Alone[];
  /** Those of which nothing came, with what was tried. */
  readonly failed: readonly {readonly part: Part; readonly curve: readonly Raced[]}[];
  /** Those that the budget did not reach. */
  readonly untried: readonly Part[];
}

/** What techniques are tried on. */
interface OnBaseline {
  readonly baseline: Raced;
  readonly spread: number | undefined;
  readonly isLeft: IsLeft;
  /** The report has one row of each family. */
  readonly ofFamilies: boolean;
  /** Keys of the settings that the baseline was tuned by: no technique is, by others. */
  readonly tuned: readonly string[];
  /** After each step, what there is so far: the report's length depends on it. */
  readonly onStep: (alone: readonly Alone[]) => void;
}

/**
 * Techniques by themselves, in their order: first all at few strengths, then those that look best at all of theirs, then the best
 * with other settings. Where nothing helps that was tried, there is nothing to compose, and the rest of the budget goes
 * on with those that were not.
 */
export async function tryAlone(
  stages: Stages,
  {baseline, spread, isLeft, ofFamilies, tuned, onStep}: OnBaseline,
): Promise<Tried> {
  const curves = new Map<Part, readonly Raced[]>();
  const refined = new Set<Part>();
  const settings = new Map<Part, readonly Raced[]>();
  const soFar = (): readonly Alone[] =>
    stages.parts.flatMap((part) => {
      const curve = curves.get(part) ?? [];
      return bestOf(curve) ? [{part, curve, settings: settings.get(part) ?? []}] : [];
    });
  const isAnyBetter = (): boolean =>
    soFar().some((one) => {
      const best = bestAlone(one)!;
      return best.errors.length === stages.seeds.length && errorOf(best) < errorOf(baseline);
    });
  const gainAlone = (part: Part): number =>
    Math.min(Infinity, ...(curves.get(part) ?? []).filter(isSound).map((one) => gainOf(one, baseline)));

  /** In groups, as long as there is budget. */
  const inGroups = async (
    parts: readonly Part[],
    what: string,
    share: number,
    planned: number,
    work: (part: Part) => Promise<readonly Raced[]>,
    done: (part: Part) => void,
  ): Promise<void> => {
    const queue = [...parts];
    for (let round = 0; queue.length > 0; round++) {
      const group: Part[] = [];
      const isNext = (part: Part): Promise<boolean> =>
        isLeft(`${what} ${part.name} in ${round}`, share, (group.length + 1) * planned);
      while (group.length < perGroup && queue[0] && (await isNext(queue[0]))) group.push(queue.shift()!);
      if (group.length === 0) return;
      const found = await Promise.all(group.map(work));
      for (const [i, part] of group.entries()) {
        curves.set(part, longest(curves.get(part) ?? [], found[i]!));
        done(part);
      }
      onStep(soFar());
    }
  };
  const pass = async (name: string, share: {readonly screened: number; readonly tuned: number}) => {
    await inGroups(
      stages.parts.filter((part) => !curves.has(part)),
      `${name}: try`,
      share.screened,
      screened + 2,
      (part) => screenAlone(stages, part, baseline.point, spread),
      () => undefined,
    );
    await inGroups(
      stages.parts
        .filter((part) => curves.has(part) && !refined.has(part))
        .toSorted((a, b) => gainAlone(a) - gainAlone(b)),
      `${name}: all strengths of`,
      share.tuned,
      stages.strengths + 2,
      (part) => tuneAlone(stages, part, baseline.point, spread),
      (part) => refined.add(part),
    );
  };
  await pass('alone', sharesAlone);
  if (!isAnyBetter()) await pass('on', {screened: 1, tuned: 1});

  // Whether it helped or not: at the settings of a model that must not memorize, it may have had no chance to.
  const chosen = ofFamilies ? bestOfFamilies(soFar()) : soFar();
  const intervals = tuned.length * (stages.strengths + 2);
  for (const one of chosen.toSorted((a, b) => errorOf(bestAlone(a)!) - errorOf(bestAlone(b)!))) {
    if (!(await isLeft(`settings of ${one.part.name}`, stageShares.alone, intervals))) continue;
    settings.set(one.part, await tuneSettings(stages, bestAlone(one)!, tuned, spread));
  }
  const alone = soFar();
  return {
    alone,
    failed: stages.parts.flatMap((part) => {
      const curve = curves.get(part);
      return curve && !bestOf(curve) ? [{part, curve}] : [];
    }),
    untried: stages.parts.filter((part) => !curves.has(part)),
  };
}

const isSound = (one: Raced): boolean => one.errors.length > 0 && Number.isFinite(errorOf(one));

/** Of each point the longer race. */
function longest(before: readonly Raced[], now: readonly Raced[]): readonly Raced[] {
  const found = new Map<string, Raced>();
  for (const one of [...before, ...now]) {
    const key = JSON.stringify(one.point);
    if (one.errors.length >= (found.get(key)?.errors.length ?? 0)) found.set(key, one);
  }
  return [...found.values()];
}
