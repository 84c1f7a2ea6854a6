import { describe, expect, test } from 'vitest';
import { findSlack, type Slack, type SlackOptions, startSlack } from '../../../sandbox/servers/slack.ts';

type Start = (options: Omit<SlackOptions, 'program'>) => Promise<Slack>;

const found = await findSlack();

/** Where the stand-in does not run, its suites are left out, and that is told. */
export function testSlack(title: string, suite: (start: Start) => void): void {
  describe(`the Slack stand-in, ${title}`, () => {
    if ('program' in found) return suite((options) => startSlack({ ...options, program: found.program }));
    test('runs on Linux on x64, else its part is left out', () => {
      process.stderr.write(`${found.absent}: its tests are left out\n`);
      expect([process.platform, process.arch], found.absent).not.toEqual(['linux', 'x64']);
    });
  });
}
