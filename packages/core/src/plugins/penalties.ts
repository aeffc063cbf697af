import {having, type PluginWith, type Program} from './program.ts';

/**
 * The plugins that add to the loss, by their names: sums do not depend on the list's order to the last bit if they are
 * always taken in one order.
 */
export function penalizing(program: Pick<Program, 'plugins'>): readonly PluginWith<'penalty'>[] {
  return [...having(program, 'penalty')].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The names under which rows say each penalty by itself, as {@link penalizing} has them; none where there is one. */
export function ownPenaltyNames(program: Pick<Program, 'plugins'>): readonly string[] {
  const all = penalizing(program);
  return all.length > 1 ? all.map(({name}) => ownPenaltyName(name)) : [];
}

/** The name under which a plugin's own penalty is reported, where there are several. */
export const ownPenaltyName = (plugin: string): string => `${plugin}/penalty`;
