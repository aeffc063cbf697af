// The guides, in the order in which they are needed.
import {readdirSync} from 'node:fs';
import {join} from 'node:path';
import {root} from './places.ts';

/** A part of the list of guides: file names without `.md`. */
export interface GuideSection {
  readonly title: string;
  readonly guides: readonly string[];
}

export const guideSections: readonly GuideSection[] = [
  {title: 'Start', guides: ['start-in-the-browser', 'start-in-node', 'from-model-fit', 'lessons']},
  {
    title: 'Train',
    guides: [
      'which-regularizer',
      'search',
      'composition',
      'your-data',
      'data',
      'transfer-learning',
      'workers',
      'checkpoints',
      'reproducibility',
    ],
  },
  {title: 'Know what it costs', guides: ['speed', 'memory', 'benchmarks', 'guarantees']},
  {title: 'Build on it', guides: ['write-a-regularizer', 'architecture', 'examples']},
];

/** Guides that are the site's own pages: `techniques` is a list for those who read it in the repository. */
const elsewhere: readonly string[] = ['techniques'];

const namesIn = (folder: string): readonly string[] =>
  readdirSync(join(root, 'docs', folder))
    .filter((name) => name.endsWith('.md'))
    .map((name) => name.slice(0, -'.md'.length))
    .toSorted();

/** Every guide in `docs/guides`, the site's own pages apart. */
export const guideNames: readonly string[] = namesIn('guides').filter((name) => !elsewhere.includes(name));

/** Every decision in `docs/decisions`. */
export const decisionNames: readonly string[] = namesIn('decisions');

/** The heading of a document. */
export const titleOf = (markdown: string): string => /^# (.+)$/m.exec(markdown)?.[1] ?? 'Untitled';
