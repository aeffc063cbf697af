import type {AddressInfo} from 'node:net';
import {createServer} from 'node:net';
import {expect, test} from 'vitest';
import {mnistFiles} from '../../src/data/mnist.ts';
import {type Circumstances, lab, type Outcome} from './terminal.ts';

/** Serves the page, looks at it, and ends that as Ctrl-C would. */
async function served(
  look: (address: string) => Promise<void>,
  circumstances: Circumstances = {},
): Promise<Outcome> {
  let looked: Promise<void> | undefined;
  const outcome = await lab(['web'], {
    ...circumstances,
    onOutput: (text, end) => {
      const address = /^http:\S+\n/.exec(text)?.[0].trim();
      if (address) looked ??= look(address).finally(end);
    },
  });
  await looked;
  return outcome;
}

test('lab web serves the page and all that it loads, until it is ended', async () => {
  const {code, stderr} = await served(async (address) => {
    const page = await (await fetch(address)).text();
    expect(page).toContain('<title>Regularizers lab</title>');
    const [script, style] = [/src="\.\/([^"]+\.js)"/, /href="\.\/([^"]+\.css)"/].map(
      (link) => link.exec(page)?.[1],
    );
    const loaded = await fetch(`${address}${script}`);
    expect(loaded.headers.get('content-type')).toMatch(/^text\/javascript/);
    const worker = /worker-[\w-]+\.js/.exec(await loaded.text())?.[0];
    for (const path of [style, `assets/${worker}`])
      expect((await fetch(`${address}${path}`)).status).toBe(200);
    expect((await fetch(`${address}package.json`)).status).toBe(404);
  });
  expect(code).toBe(0);
  expect(stderr).toMatch(/Ctrl-C/);
});

test('MNIST is read when the page asks for it, and once', async () => {
  let reads = 0;
  const bytes = (value: number): Uint8Array<ArrayBuffer> => new Uint8Array([value]);
  const mnistBytes = async () => {
    reads += 1;
    return {trainImages: bytes(1), trainLabels: bytes(2), testImages: bytes(3), testLabels: bytes(4)};
  };
  await served(
    async (address) => {
      expect(reads).toBe(0);
      const read = async (name: string): Promise<number> =>
        new Uint8Array(await (await fetch(`${address}mnist/${name}.gz`)).arrayBuffer())[0]!;
      expect(await read(mnistFiles.testImages)).toBe(3);
      expect(await read(mnistFiles.trainLabels)).toBe(2);
    },
    {sources: {mnistBytes}},
  );
  expect(reads).toBe(1);
});

test('a port that is taken is refused with what to do', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const {port} = server.address() as AddressInfo;
  try {
    const {code, stderr} = await lab(['web', '--port', String(port)]);
    expect(code).toBe(2);
    expect(stderr).toMatch(new RegExp(`port ${port} cannot be listened to.*--port`, 's'));
  } finally {
    server.close();
  }
});

test('the version and examples are a word away', async () => {
  expect(await lab(['--version'])).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
  });
  expect((await lab(['--help'])).stdout).toMatch(/Examples:\n {2}lab compare/);
});
