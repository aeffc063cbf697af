/** Pictures of 8 × 8, and what the hidden layer answers with at each of the 64 places. */
export const picture = {side: 8, filters: 4} as const;

/** What convolution the hidden layer is, but for its kernel's size. */
export const convolution = {
  inputShape: [picture.side, picture.side, 1],
  filters: picture.filters,
  padding: 'same',
} as const;
