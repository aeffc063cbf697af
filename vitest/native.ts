import {registerNative} from '@regularizers/native';
import {beforeAll} from 'vitest';
import {refuseUnorderedGraphs} from '../packages/native/test/written-graphs.ts';

beforeAll(async () => {
  await registerNative();
  // Whatever a suite captures: the order of what it does to variables is proven.
  refuseUnorderedGraphs();
});
