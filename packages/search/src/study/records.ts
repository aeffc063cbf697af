// A study as text: a line of JSON for each thing that happened, in the order in which it did.
import {checkRecord, describeValue, option, RegularizerError} from '@regularizers/core';

/** What came of one training: plain JSON. */
export interface Outcome {
  /** Error on validation examples; null where training failed. */
  readonly validation: number | null;
  /** Error on test examples, where there are any. */
  readonly test?: number;
  /** Seconds that the search had taken when it was done, those of earlier processes included. */
  readonly seconds: number;
  /** Why it failed. */
  readonly failure?: string;
}

/** What may happen. Claims bear a name that no other search has. */
export type StudyRecord =
  | {readonly type: 'study'; readonly format: typeof studyFormat; readonly about: string}
  | {readonly type: 'claim'; readonly trial: string; readonly by: string; readonly owner: string}
  | {readonly type: 'release'; readonly trial: string; readonly by: string}
  | {readonly type: 'outcome'; readonly trial: string; readonly outcome: Outcome}
  | {readonly type: 'decision'; readonly what: string; readonly value: boolean};

export const studyFormat = 'regularizers-study 1';

/** The decision that a search comes to last: its report is there. */
export const reported = 'reported';

/** A record as it is appended: a line of its own, whatever was torn off before it. */
export const lineOf = (record: StudyRecord): string => `\n${JSON.stringify(record)}\n`;

/** What a study says so far. */
export interface StudyState {
  /** What it is about, or undefined where nothing has been written. */
  readonly about: string | undefined;
  readonly outcomes: ReadonlyMap<string, Outcome>;
  /** Of each trial that is not done, who claims it, the first one first. */
  readonly claims: ReadonlyMap<string, readonly {readonly by: string; readonly owner: string}[]>;
  readonly decisions: ReadonlyMap<string, boolean>;
}

const word = (about: string) => option.text({about, required: true});
const fieldsOf = {
  study: {format: word('The format.'), about: word('What it is about.')},
  claim: {trial: word('Which.'), by: word('Who.'), owner: word('Of which process.')},
  release: {trial: word('Which.'), by: word('Who.')},
  outcome: {
    trial: word('Which.'),
    outcome: option.instance<object>(
      'an object',
      (value) => typeof value === 'object' && value !== null,
    )({
      about: 'What came of it.',
      required: true,
    }),
  },
  decision: {what: word('Which.'), value: option.flag({about: 'What.', required: true})},
};

/**
 * Reads a study. A line that was torn off, because its writer was killed, says nothing; of trials or decisions that are
 * there twice the first counts.
 *
 * @throws RegularizerError with code `bad-study` for a text that is none, or a line that no search wrote
 */
export const readStudy = (text: string): StudyState => studyReader()(`${text}\n`);

/**
 * Reads a study again and again as it grows, each time what has been added; a line that has no end yet is left to the next
 * time. What it returned before grows along.
 *
 * @throws RegularizerError as {@link readStudy}, or for a text that has become shorter
 */
export function studyReader(): (text: string) => StudyState {
  let [read, number] = [0, 0];
  let about: string | undefined;
  let isForeign = false;
  const outcomes = new Map<string, Outcome>();
  const claims = new Map<string, readonly {readonly by: string; readonly owner: string}[]>();
  const decisions = new Map<string, boolean>();
  const take = (record: StudyRecord): void => {
    if (record.type === 'study') {
      if (about !== undefined && about !== record.about) throw bad('it is of two searches');
      about = record.about;
      return;
    }
    if (about === undefined) throw bad('it does not begin as one');
    if (record.type === 'decision') {
      if (!decisions.has(record.what)) decisions.set(record.what, record.value);
      return;
    }
    const {trial} = record;
    if (outcomes.has(trial)) return;
    const own = claims.get(trial) ?? [];
    switch (record.type) {
      case 'claim':
        claims.set(trial, [...own, record]);
        break;
      case 'release':
        claims.set(
          trial,
          own.filter(({by}) => by !== record.by),
        );
        break;
      case 'outcome':
        outcomes.set(trial, record.outcome);
        claims.delete(trial);
    }
  };
  return (text) => {
    if (text.length < read) throw bad('it has become shorter');
    const end = text.lastIndexOf('\n') + 1;
    for (const line of text.slice(read, end).split('\n')) {
      if (line === '') continue;
      number += 1;
      isForeign ||= !isStartOfHeader(line);
      const record = recordOf(line, number);
      if (record) take(record);
    }
    read = end;
    if (about === undefined && isForeign) throw bad('no line of it is one of a study');
    return {about, outcomes, claims, decisions};
  };
}

const header = `{"type":"study","format":"${studyFormat}"`;

/** Whether a line can be what is left of the first one. */
const isStartOfHeader = (line: string): boolean => line.startsWith(header) || header.startsWith(line);

function recordOf(line: string, number: number): StudyRecord | undefined {
  let json: unknown;
  try {
    json = JSON.parse(line);
  } catch {
    return undefined;
  }
  const {type, ...rest} = (typeof json === 'object' && json !== null ? json : {}) as Readonly<
    Record<string, unknown>
  >;
  if (typeof type !== 'string' || !Object.hasOwn(fieldsOf, type)) {
    throw bad(`line ${number} is ${describeValue(json)}`);
  }
  try {
    checkRecord(`line ${number}`, '', rest, fieldsOf[type as keyof typeof fieldsOf]);
  } catch (cause) {
    throw bad(`line ${number} is ${describeValue(json)}`, cause);
  }
  if (type === 'outcome') checkOutcome(rest['outcome'] as Partial<Outcome>, number);
  return json as StudyRecord;
}

function checkOutcome({validation, test, seconds}: Partial<Outcome>, line: number): void {
  const isNumber = (value: unknown): boolean => typeof value === 'number' && Number.isFinite(value);
  const isOne =
    (validation === null || isNumber(validation)) &&
    (test === undefined || isNumber(test)) &&
    isNumber(seconds);
  if (!isOne) throw bad(`line ${line} has no outcome`);
}

function bad(why: string, cause?: unknown): RegularizerError {
  return new RegularizerError({
    where: 'study',
    code: 'bad-study',
    message: `this is no study of this version: ${why}`,
    hint: 'Give another file, or remove this one to begin anew.',
    cause,
  });
}
