// `npm run setup`: everything that `npm start`, `npm test` and `npm run web` need, without running them.
import {buildPackages, checkNode, installNative, installPackages} from './install.mjs';

checkNode();
await installPackages();
await buildPackages();
await installNative();
