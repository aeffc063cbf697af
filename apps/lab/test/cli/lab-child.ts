// The command line in a process of its own, which interruptions.node.test.ts kills.
import {runMain} from '../../src/cli/main.ts';

await runMain();
process.exit();
