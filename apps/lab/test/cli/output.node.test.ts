// Lines of progress fit the terminal that they are written to, whatever is in names.
import {Writable} from 'node:stream';
import {stripVTControlCharacters} from 'node:util';
import stringWidth from 'string-width';
import {expect, test} from 'vitest';
import {barLine, progressView} from '../../src/cli/output.ts';

const names = {
  plain: 'all together, seed 12',
  long: 'a name that somebody has given to what they compare, which goes on and on and on, seed 3',
  wide: '正則化あり、データ拡張とドロップアウトとラベル平滑化の組み合わせによる比較, seed 4',
  emoji: '👩‍👩‍👧‍👦👩‍👩‍👧‍👦 families 🏳️‍🌈🏳️‍🌈🏳️‍🌈 and flags 🇯🇵🇯🇵🇯🇵🇯🇵🇯🇵🇯🇵🇯🇵, seed 5',
};
const columns = [30, 40, 60, 80, 200];

/** A terminal that is so wide, and what it was told. */
class Screen extends Writable {
  readonly isTTY = true;
  readonly written: string[] = [];
  readonly columns: number;
  constructor(width: number) {
    super();
    this.columns = width;
  }
  override _write(chunk: Buffer, _: BufferEncoding, done: () => void): void {
    this.written.push(stripVTControlCharacters(chunk.toString()));
    done();
  }
}

test.each(columns)('at %d columns no line is longer, and what is cut ends in …', (width) => {
  for (const name of Object.values(names)) {
    const line = barLine(0.5, `epoch 17/40: ${name}`, width);
    expect(stringWidth(line)).toBeLessThan(width);
    expect(line).toContain('epoch 17/40');
    expect(line.endsWith('…') || line.endsWith(name)).toBe(true);
    // No half of a character, nor a part of a family.
    expect(line).not.toMatch(/\p{Surrogate}/u);
    expect(line).not.toMatch(/\u200d…/u);
  }
});

test.each(columns)('at %d columns a comparison says all that it has to say', (width) => {
  const screen = new Screen(width);
  const view = progressView(screen, 30, 12);
  for (const name of Object.values(names)) {
    view.start(name);
    view.update(name, {
      member: 2,
      members: 10,
      epoch: 17,
      epochs: 40,
      step: 400,
      stepInEpoch: 3,
      stepsPerEpoch: 12,
      isWarmUp: false,
    });
    view.say('said between');
  }
  view.close();
  const bars = screen.written.filter((text) => /[█░]/.test(text));
  expect(bars.length).toBeGreaterThan(1);
  for (const bar of bars) expect(stringWidth(bar)).toBeLessThan(width);
  const all = screen.written.join('\n');
  expect(all).toContain('12/30 runs');
  expect(all).toContain('member 3/10');
  if (width > 30) expect(all).toContain('epoch 17/40');
  expect(all).toContain('said between\n');
});
