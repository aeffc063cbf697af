// Everything that is compared takes turns, in an order that changes, so that what else the machine does is shared.

/** Someone who takes turns: how long each took, in milliseconds. */
export interface Participant {
  readonly name: string;
  turn(): Promise<number>;
}

/** Milliseconds by participant, a value per round. */
export type Times = Readonly<Record<string, readonly number[]>>;

/**
 * Lets all take turns: `warmUps` rounds that are thrown away, then `count` that are kept. Who fails is left out.
 *
 * @param problem - told who failed, and why
 */
export async function takeTurns(
  participants: readonly Participant[],
  {count, warmUps}: {readonly count: number; readonly warmUps: number},
  problem: (text: string) => void,
): Promise<Times> {
  const times = new Map(participants.map(({name}) => [name, [] as number[]]));
  for (let round = -warmUps; round < count; round++) {
    for (const {name, turn} of orderOf(participants, round + warmUps)) {
      const own = times.get(name);
      if (!own) continue;
      try {
        const took = await turn();
        if (round >= 0) own.push(took);
      } catch (error) {
        times.delete(name);
        problem(`${name}: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  }
  return Object.fromEntries(times);
}

/** Each round begins with someone else, and every second one goes the other way round. */
function orderOf<T>(items: readonly T[], round: number): readonly T[] {
  const start = Math.floor(round / 2) % items.length;
  const rotated = [...items.slice(start), ...items.slice(0, start)];
  return round % 2 === 0 ? rotated : rotated.reverse();
}

/** A median with its quartiles. */
export interface Spread {
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

/** The spread of values. */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number): number => {
    const place = share * (sorted.length - 1);
    const below = sorted[Math.floor(place)]!;
    return below + (sorted[Math.ceil(place)]! - below) * (place - Math.floor(place));
  };
  return {median: at(0.5), low: at(0.25), high: at(0.75)};
}

/** The spread of the rounds' ratios of one participant's time to another's. */
export function ratioOf(times: Times, of: string, to: string): Spread | undefined {
  const [above, below] = [times[of], times[to]];
  if (!above || !below || above.length === 0) return undefined;
  return spreadOf(above.map((value, round) => value / below[round]!));
}
