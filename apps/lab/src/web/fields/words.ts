/** `labelNoise` as `Label noise`, `early stopping` as `Early stopping`. */
export function spaced(key: string): string {
  const words = key.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return words.charAt(0).toUpperCase() + words.slice(1);
}
