/**
 * Lists side by side, such as targets, outputs and losses: what stands at each place of all.
 *
 * @param lists of one length, which whoever made them has seen to
 */
export function zip<const Lists extends readonly (readonly unknown[])[]>(
  ...lists: Lists
): readonly {readonly [At in keyof Lists]: Lists[At][number]}[] {
  const [first = []] = lists;
  return first.map((_, i) => lists.map((list) => list[i])) as never;
}
