/** What the page asks of the worker. */
export type Request = {readonly kind: 'start'} | {readonly kind: 'stop'};

/** What the worker tells the page. */
export type Answer =
  | {readonly kind: 'epoch'; readonly epoch: number; readonly accuracy: number}
  | {readonly kind: 'end'; readonly why: string; readonly accuracy: number}
  | {readonly kind: 'error'; readonly message: string};
