export function faultAt(
  what: string,
  at: number | string,
  within: string,
): {readonly count: () => number; readonly undo: () => void};
