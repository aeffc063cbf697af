import {readdirSync, readFileSync} from 'node:fs';
import {fileURLToPath} from 'node:url';
import {describe, expect, test} from 'vitest';

const folder = fileURLToPath(new URL('../../../.github/workflows/', import.meta.url));
const workflows = readdirSync(folder).map((name) => ({name, text: readFileSync(`${folder}${name}`, 'utf8')}));

/** The text of each job: what is two deep under `jobs:`, with all that is deeper. */
function jobsOf(text: string): readonly string[] {
  const [, jobs = ''] = text.split(/^jobs:\n/m);
  return jobs.split(/^(?= {2}\w+:$)/m).filter((part) => /^ {2}\w+:$/m.test(part));
}

test('there are workflows to look at', () => {
  expect(workflows.flatMap(({text}) => jobsOf(text)).length).toBeGreaterThan(4);
});

describe.each(workflows)('$name', ({text}) => {
  test('runs each action at one commit, whose version it says', () => {
    for (const [line] of text.matchAll(/^.*\buses:.*$/gm)) {
      expect(line).toMatch(/uses: [\w.-]+\/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
    }
  });

  test('gives nothing to all jobs, and to each what it names', () => {
    expect(text).toMatch(/^permissions: \{\}$/m);
    for (const job of jobsOf(text)) expect(job).toMatch(/^ {4}permissions: \{ [\w-]+: (read|write)/m);
  });

  test('lets no job that proves who it is run on a pull request', () => {
    if (/pull_request/.test(text)) expect(text).not.toMatch(/: write|secrets\./);
  });
});

test('packages are published with provenance, by a token or by the identity of the workflow', () => {
  const publishing = workflows.flatMap(({text}) => jobsOf(text)).filter((job) => /publish: /.test(job));
  expect(publishing).toHaveLength(1);
  expect(publishing[0]).toMatch(/id-token: write/);
  expect(publishing[0]).toMatch(/registry-url: /);
  expect(publishing[0]).toMatch(/NPM_TOKEN: "\$\{\{ secrets\.NPM_TOKEN \}\}"/);
  expect(publishing[0]).toMatch(/NPM_CONFIG_PROVENANCE: "true"/);
  // The release that published/test/release.test.ts goes through.
  expect(publishing[0]).toMatch(/node scripts\/publishable\.mjs\n.*publish: npx changeset publish/s);
});

test('suites run in one way, in a workflow as elsewhere', () => {
  for (const {text} of workflows) expect(text).not.toMatch(/run: npm test/);
  const running = workflows.filter(({text}) => text.includes('run: .ci/run')).map(({name}) => name);
  expect(running.sort()).toEqual(['ci.yml', 'nightly.yml']);
});
