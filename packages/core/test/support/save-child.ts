// Run in a process of its own by checkpoint-files.node.test.ts, and killed there: saves a checkpoint again and again,
// each with the next seed, and says so.
import {readFile} from 'node:fs/promises';
import {argv, stdout} from 'node:process';
import {decodeCheckpoint} from '../../src/member/checkpoint-bytes.ts';
import {saveCheckpoint} from '../../src/node/checkpoint-files.ts';

const [source = '', path = '', first = '0', last = '0'] = argv.slice(2);
const checkpoint = decodeCheckpoint(await readFile(source));
for (let seed = Number(first); seed <= Number(last); seed++) {
  await saveCheckpoint(path, {...checkpoint, seed});
  stdout.write(`${seed}\n`);
}
