import {distance} from 'fastest-levenshtein';

/** The words that are likely meant by one that is none of them, the nearest first; few, and maybe none. */
export function nearestWords(word: string, words: readonly string[]): readonly string[] {
  const most = Math.max(2, Math.floor(word.length / 3));
  return words
    .map((one) => ({one, away: one.includes(word) && word.length > 2 ? 1 : distance(word, one)}))
    .filter(({away}) => away <= most)
    .sort((a, b) => a.away - b.away)
    .slice(0, 3)
    .map(({one}) => one);
}
