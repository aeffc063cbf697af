// When pictures from the camera are data.
import {expect, test} from 'vitest';
import {whyNotUsed} from '../src/web/own/webcam-state.ts';

const taken = (name: string, count = 10) => ({
  id: name.length,
  name,
  pictures: Array.from({length: count}, () => new Blob()),
});

test.each([
  [[taken('a'), taken('b')], undefined],
  [[taken('a')], 'Two classes'],
  [[taken('a'), taken(' ')], 'needs a name'],
  [[taken('a'), taken('../b')], 'needs a name'],
  [[taken('a'), taken('.b')], 'needs a name'],
  [[taken('a'), taken(' a ')], 'same name'],
  [[taken('a'), taken('b', 9)], 'Hold the button of b'],
])('classes are used where each has a name of its own and some pictures', (classes, why) => {
  const said = whyNotUsed(classes);
  if (why === undefined) expect(said).toBeUndefined();
  else expect(said).toContain(why);
});
