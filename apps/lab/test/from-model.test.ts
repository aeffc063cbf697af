// Functions of packages that take a model say in a RegularizerError what is none.
import {activatedOutput, RegularizerError} from '@regularizers/core';
import {fromModel as ofDropout} from '@regularizers/dropout';
import {fromModel as ofRegularizers} from '@regularizers/l2';
import {fromModel as ofNoise} from '@regularizers/noise';
import {expect, test} from 'vitest';

const garbage = [null, undefined, 7, 'model', {}, [], () => undefined, Object.create(null)];

test.each(Object.entries({activatedOutput, ofDropout, ofRegularizers, ofNoise}))('%s', (_, take) => {
  for (const model of garbage) {
    let error: unknown;
    try {
      take(model as never, (take === activatedOutput ? 0 : {}) as never);
    } catch (thrown) {
      error = thrown;
    }
    expect(RegularizerError.isInstance(error)).toBe(true);
    expect(error).toMatchObject({code: 'not-a-layers-model'});
  }
});
