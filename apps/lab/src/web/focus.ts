const focusable = 'a[href], button, input, select, textarea, summary, [tabindex="0"]';

/**
 * Draws, and leaves the focus where it was, or near it: on what follows where the drawing took away or moved what had it,
 * else on what came before. Without it the focus would fall to the body, and a keyboard would begin anew.
 */
export function keepingFocus(root: HTMLElement, draw: () => void): void {
  const {activeElement} = document;
  const had =
    activeElement instanceof HTMLElement && root.contains(activeElement) ? activeElement : undefined;
  const all = had ? [...root.querySelectorAll<HTMLElement>(focusable)] : [];
  const at = had ? all.indexOf(had) : -1;
  draw();
  if (!had || document.activeElement === had) return;
  const near = [had, ...all.slice(at + 1), ...all.slice(0, Math.max(0, at)).reverse()];
  near.find(canFocus)?.focus();
}

/** Connected, drawn and not switched off. */
function canFocus(element: HTMLElement): boolean {
  return element.isConnected && element.getClientRects().length > 0 && !element.matches(':disabled');
}
