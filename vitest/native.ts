import {registerNative} from '@regularizers/native';
import {beforeAll} from 'vitest';

beforeAll(async () => {
  await registerNative();
});
