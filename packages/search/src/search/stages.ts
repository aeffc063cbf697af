// The stages of a search, each a function of what came of the trials so far: two processes, or one that goes on, take the
// same way.
import {proposePoint} from '../sampler/tpe.ts';
import {beyond, gridOf, including} from '../space/grid.ts';
import {
  type IntervalParameter,
  isActive,
  isInterval,
  type Parameter,
  type Point,
  startOf,
} from '../space/parameter.ts';
import {chosenParts, type Part, parametersOf} from '../space/part.ts';
import {meanOf, pairedDifference} from '../statistics/paired.ts';
import {spreadOf, survivors} from '../statistics/race.ts';
import type {Pool} from './pool.ts';

/** What stages have in common. */
export interface Stages {
  readonly pool: Pool;
  readonly parts: readonly Part[];
  readonly settings: readonly Parameter[];
  /** Of the search: candidates are raced over them, in this order. */
  readonly seeds: readonly number[];
  readonly seed: number;
  /** Strengths in a grid. */
  readonly strengths: number;
}

/** A candidate that was raced, and its errors on the seeds that it came to. */
export interface Raced {
  readonly point: Point;
  readonly errors: readonly number[];
}

export const errorOf = ({errors}: Raced): number => meanOf(errors);

/** By how much one differs from another on the seeds that it came to: below 0 where it has less error. */
export const gainOf = ({errors}: Raced, other: Raced): number =>
  meanOf(errors.map((error, i) => error - other.errors[i]!));

/** The one with the least error among those that came to the end of their race. */
export const bestOf = (raced: readonly Raced[]): Raced | undefined => {
  const most = Math.max(...raced.map(({errors}) => errors.length));
  return raced
    .filter((one) => one.errors.length === most && Number.isFinite(errorOf(one)))
    .toSorted((a, b) => errorOf(a) - errorOf(b))[0];
};

/** What a race goes by. */
export interface RaceTerms {
  /** The standard deviation of a difference on one seed, where it is known. */
  readonly spread?: number | undefined;
  /** So many go on to the end, whatever is said of them. @defaultValue 1 */
  readonly keep?: number;
  /** No more than so many go on from a seed to the next, the best first. @defaultValue all that may be best */
  readonly most?: number;
}

/** All on the first seed, those that may be best on the next, and so on. */
export async function race(
  {pool, seeds}: Pick<Stages, 'pool' | 'seeds'>,
  points: readonly Point[],
  {spread, keep = 1, most = Infinity}: RaceTerms = {},
): Promise<readonly Raced[]> {
  const raced = points.map((point) => ({point, errors: [] as number[]}));
  let running = raced;
  for (const seed of seeds) {
    const errors = await pool.evaluate(running.map(({point}) => ({point, seed})));
    for (const [i, one] of running.entries()) one.errors.push(errors[i]!);
    const left = survivors(
      running.map((one) => one.errors),
      spread === undefined ? {} : {spread},
    );
    const order = running
      .filter((one) => Number.isFinite(errorOf(one)))
      .toSorted((a, b) => errorOf(a) - errorOf(b));
    const kept = new Set([...order.slice(0, keep), ...left.map((place) => running[place]!)]);
    running = order.filter((one) => kept.has(one)).slice(0, most);
  }
  return raced;
}

/** Values of a setting where there is no time for as many as techniques have strengths. */
const fewValues = 3;

/** What came of the baseline. */
export interface TunedBaseline {
  readonly best: Raced;
  readonly all: readonly Raced[];
  /** Keys of the settings that there was time to tune. */
  readonly tuned: readonly string[];
}

/**
 * The baseline: its settings, tuned one after another, so that no technique gets the credit for a better rate. Where trials
 * take long, settings are tried at few values, and then not at all: compositions try them, too.
 *
 * @param isLeft whether there is budget for so many trials more
 */
export async function tuneBaseline(
  stages: Stages,
  isLeft: (what: string, planned: number) => Promise<boolean>,
): Promise<TunedBaseline> {
  const {settings, seeds, strengths} = stages;
  let point: Point = Object.fromEntries(settings.map((setting) => [setting.key, startOf(setting)]));
  const [first] = await race(stages, [point]);
  let all: readonly Raced[] = [first!];
  // Where it cannot be trained as it is, it may be by others, which are looked for in any case.
  const isSound = Number.isFinite(errorOf(first!));
  // The first tells what is chance, and two go to the end of each race, from which that is known better.
  const terms: RaceTerms = {spread: Math.SQRT2 * deviationOf(first!.errors) || undefined, keep: 2};
  const planned = (values: number): number => values + terms.keep! * (seeds.length - 1);
  const tuned: string[] = [];
  for (const setting of settings) {
    const {key} = setting;
    let raced: readonly Raced[] = [];
    if (isInterval(setting)) {
      const few = Math.min(fewValues, strengths);
      const isWhole = await isLeft(key, planned(strengths));
      if (!isWhole && !(await isLeft(`${key} at few values`, planned(few))) && isSound) continue;
      const isNext = (growth: number): Promise<boolean> => isLeft(`${key} further ${growth}`, seeds.length);
      raced = await tuneAlong({...stages, strengths: isWhole ? strengths : few}, setting, point, {
        ...terms,
        isNext,
      });
    } else {
      if (!(await isLeft(key, seeds.length))) continue;
      const points = valuesOf(setting).map((value) => ({...point, [key]: value}));
      raced = await race(stages, points, terms);
    }
    tuned.push(key);
    all = [...all, ...raced];
    point = bestOf(all)?.point ?? point;
  }
  return {best: bestOf(all) ?? first!, all, tuned};
}

/** The standard deviation of some errors. */
function deviationOf(errors: readonly number[]): number {
  const mean = meanOf(errors);
  return Math.sqrt(errors.reduce((sum, error) => sum + (error - mean) ** 2, 0) / (errors.length - 1));
}

const valuesOf = ({search}: Parameter): readonly unknown[] => ('values' in search ? search.values : []);

/** What values are raced against, and which of them are taken. */
interface Along extends RaceTerms {
  /** Another point, which is known and stays a candidate. */
  readonly none?: Point;
  readonly isTaken?: (point: Point) => boolean;
  /** Whether there is budget for the grid to grow, asked each time. @defaultValue there is */
  readonly isNext?: (growth: number) => Promise<boolean>;
}

/** A grid along one parameter, which grows at most twice where its best is at an edge. */
async function tuneAlong(
  stages: Stages,
  parameter: IntervalParameter,
  point: Point,
  {none, isTaken, isNext = async () => true, ...terms}: Along,
): Promise<readonly Raced[]> {
  const at = (value: number): Point => ({...point, [parameter.key]: value});
  const isRefused = (value: number): boolean => isTaken?.(at(value)) === false;
  let values = gridOf(parameter, stages.strengths).filter((value) => !isRefused(value));
  let raced = await raceBeside(stages, none, values.map(at), terms);
  for (let growth = 0; growth < 2; growth++) {
    const best = bestOf(raced);
    const next = best && beyond(parameter, values, Number(best.point[parameter.key]), stages.strengths);
    if (next === undefined || isRefused(next) || !(await isNext(growth))) break;
    values = [...values, next];
    raced = [...raced, ...(await raceBeside(stages, best!.point, [at(next)], terms))];
  }
  return raced;
}

/** A race that another point takes part in, which is known already. */
async function raceBeside(
  stages: Stages,
  other: Point | undefined,
  points: readonly Point[],
  terms: RaceTerms,
): Promise<readonly Raced[]> {
  if (!other) return await race(stages, points, terms);
  const [, ...raced] = await race(stages, [other, ...points], terms);
  return raced;
}

/** What tells differences of candidates from chance before they have a spread of their own: from the better half. */
export function spreadOfBest(raced: readonly Raced[], seeds: number): number | undefined {
  const whole = raced
    .filter((one) => one.errors.length === seeds && Number.isFinite(errorOf(one)))
    .toSorted((a, b) => errorOf(a) - errorOf(b));
  return spreadOf(whole.slice(0, Math.max(2, Math.ceil(whole.length / 2))).map(({errors}) => errors));
}

/** Strengths that techniques are first tried at. */
export const screened = 2;

/** One technique alone at few strengths, far apart, of which the best goes on where it may be better than the baseline. */
export async function screenAlone(
  stages: Stages,
  part: Part,
  baseline: Point,
  spread: number | undefined,
): Promise<readonly Raced[]> {
  const points = choicesOf(part, baseline) ?? strengthsOf(stages, part, baseline);
  // Of five the second and the fourth.
  const between = points.filter((_, i) => i % 2 === 1);
  const few = between.length > 0 ? between : points;
  // Two go on, one of which the baseline may be, whose errors are known.
  return await raceBeside(stages, baseline, few.slice(0, screened), {spread, most: 2});
}

/** One technique alone, at the baseline's settings, over its strengths; where it has none, over the first choice. */
export async function tuneAlone(
  stages: Stages,
  part: Part,
  baseline: Point,
  spread: number | undefined,
): Promise<readonly Raced[]> {
  const points = choicesOf(part, baseline);
  if (points) return await raceBeside(stages, baseline, points, {spread});
  const isTaken = (point: Point): boolean => isAccepted(part, point);
  return await tuneAlong(stages, part.strength!, startOfPart(part, baseline), {
    none: baseline,
    spread,
    isTaken,
  });
}

/** What a technique without a strength is tried at; undefined where it has one. */
function choicesOf(part: Part, baseline: Point): readonly Point[] | undefined {
  const start = startOfPart(part, baseline);
  if (part.strength && isActive(part.strength, start)) return undefined;
  const choice = part.parameters.find(({search}) => 'values' in search);
  const points = choice
    ? valuesOf(choice).map((value) => startOfPart(part, {...baseline, [choice.key]: value}))
    : [start];
  return points.filter((point) => isAccepted(part, point));
}

/** The grid of a technique with a strength. */
function strengthsOf({strengths}: Stages, part: Part, baseline: Point): readonly Point[] {
  const start = startOfPart(part, baseline);
  return gridOf(part.strength!, strengths)
    .map((value) => ({...start, [part.strength!.key]: value}))
    .filter((point) => isAccepted(part, point));
}

/**
 * The settings of a technique at its best strength: what keeps a model from memorizing may take longer, or more at once.
 *
 * @param keys those that the baseline was tuned by
 */
export async function tuneSettings(
  stages: Stages,
  best: Raced,
  keys: readonly string[],
  spread: number | undefined,
): Promise<readonly Raced[]> {
  let all: readonly Raced[] = [];
  for (const setting of stages.settings.filter(isInterval)) {
    if (!keys.includes(setting.key)) continue;
    const {point} = bestOf([best, ...all])!;
    all = [...all, ...(await tuneAlong(stages, setting, point, {none: point, spread}))];
  }
  return all;
}

/** Of candidates that went to the end of their race, so many are looked at again. */
const mostFinalists = 6;

/**
 * The best few over more seeds: of many errors the least is so by luck as well, which does not come twice. What is not
 * better than the baseline by a standard error is not worth its options (Breiman 1984).
 */
export async function settle(
  {pool}: Stages,
  raced: readonly Raced[],
  baseline: Raced,
  seeds: readonly number[],
  spread: number | undefined,
): Promise<Raced> {
  const isWhole = ({errors}: Raced): boolean =>
    errors.length === baseline.errors.length && errors.every(Number.isFinite);
  const different = [
    ...new Map(raced.filter(isWhole).map((one) => [JSON.stringify(one.point), one])).values(),
  ];
  const best = different.toSorted((a, b) => errorOf(a) - errorOf(b)).slice(0, mostFinalists);
  if (best.every(({point}) => point === baseline.point)) return baseline;
  const finalists = [...new Set([...best, baseline])];
  const again = await race(
    {pool, seeds},
    finalists.map(({point}) => point),
    {spread},
  );
  const all = again.map(({point, errors}, i) => ({point, errors: [...finalists[i]!.errors, ...errors]}));
  const winner = bestOf(all) ?? baseline;
  const [rest] = await race({pool, seeds}, [baseline.point]);
  const {mean, standardError} = pairedDifference(winner.errors, [...baseline.errors, ...rest!.errors]);
  return mean < -standardError ? winner : baseline;
}

/** A part that is on, with all of its options where they begin. */
function startOfPart({name, parameters}: Part, given: Point): Point {
  const point: Record<string, unknown> = {...given, [name]: true};
  for (const parameter of parameters) {
    if (isActive(parameter, point)) point[parameter.key] ??= startOf(parameter);
  }
  return point;
}

function isAccepted(part: Part, point: Point): boolean {
  try {
    for (const {technique, options} of chosenParts([part], point)) technique.create(options);
    return true;
  } catch {
    return false;
  }
}

/** Techniques in one search of compositions. */
const mostTogether = 8;

/** Points in a round: the same however many processes share them. */
const perRound = 4;

/** Rounds in a row without anything new that end a search of compositions. */
const mostIdle = 5;

/** What a search of compositions starts from. */
export interface Together {
  readonly baseline: Raced;
  /** All that was raced so far. */
  readonly known: readonly Raced[];
  /** The best of each technique that had less error than the baseline. */
  readonly helped: readonly {readonly part: Part; readonly best: Raced; readonly curve: readonly Raced[]}[];
  readonly spread: number | undefined;
}

/**
 * Compositions of what helped: first all of it, and the best two; then rounds of what the sampler proposes.
 *
 * @param isLeft whether there is budget for another round
 */
export async function compose(
  stages: Stages,
  {baseline, known, helped, spread}: Together,
  isLeft: (round: number) => Promise<boolean>,
): Promise<readonly Raced[]> {
  const order = helped.toSorted((a, b) => errorOf(a.best) - errorOf(b.best)).slice(0, mostTogether);
  if (order.length === 0) return [];
  const parts = order.map(({part, curve}) => ({...part, parameters: widened(part, curve)}));
  const parameters = parametersOf(parts, stages.settings);
  const union = (several: typeof order): Point =>
    Object.assign({}, baseline.point, ...several.map(({best}) => best.point));
  let all = known;
  let made: readonly Raced[] = [];
  let idle = 0;
  // A space of few points has all been tried before the budget is gone.
  for (let round = 0; idle < mostIdle && (await isLeft(round)); round++) {
    const asked = stages.pool.asked;
    const first = round === 0 && order.length > 1 ? [union(order), union(order.slice(0, 2))] : [];
    const history = all.map(({point, errors}) => ({
      point: Object.fromEntries([...parts.map(({name}) => [name, false]), ...Object.entries(point)]),
      loss: meanOf(errors.map((error, i) => error - baseline.errors[i]!)),
    }));
    const more = Array.from({length: perRound - first.length}, (_, i) =>
      proposePoint(
        parameters,
        history.filter(({point}) => isOfSpace(point, parameters)),
        {
          seed: stages.seed + round * perRound + i,
        },
      ),
    );
    const incumbent = bestOf(all)!;
    const points = [...first, ...more.map((point) => withoutOff(point, parts))];
    const raced = await raceBeside(stages, incumbent.point, points, {spread});
    idle = stages.pool.asked === asked ? idle + 1 : 0;
    made = [...made, ...raced];
    all = [...all, ...raced];
  }
  return made;
}

/** Points of techniques that did not help say nothing of the space that is left. */
function isOfSpace(point: Point, parameters: readonly Parameter[]): boolean {
  const known = new Set(parameters.map(({key}) => key));
  return Object.keys(point).every((key) => known.has(key));
}

/** What is off need not be said: a composition has one name, whichever techniques it was drawn among. */
const withoutOff = (point: Point, parts: readonly Part[]): Point =>
  Object.fromEntries(
    Object.entries(point).filter(([key]) => point[key] !== false || !parts.some(({name}) => name === key)),
  );

function widened({parameters, strength}: Part, curve: readonly Raced[]): readonly Parameter[] {
  if (!strength) return parameters;
  const values = curve.map(({point}) => Number(point[strength.key]));
  return parameters.map((parameter) => (parameter === strength ? including(strength, values) : parameter));
}

/** A point without one of its parts. */
export const without = (point: Point, name: string): Point =>
  Object.fromEntries(Object.entries(point).filter(([key]) => key !== name && !key.startsWith(`${name}.`)));
