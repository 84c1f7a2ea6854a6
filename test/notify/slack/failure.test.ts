import { WebClient } from '@slack/web-api';
import { expect, it } from 'vitest';
import { failureOf } from '../../../src/notify/channels/slack/failure.ts';
import { silentLogger } from '../../../src/notify/channels/slack/silent-logger.ts';
import { closedPort, serve } from '../../probes/server.ts';

const reasonAt = async (url: string): Promise<string> => {
  const web = new WebClient('xoxb-1', {
    slackApiUrl: `${url}/api/`,
    retryConfig: { retries: 0 },
    logger: silentLogger,
  });
  const failure = await web.auth.test().catch((error: unknown) => failureOf(error));
  return 'reason' in failure ? String(failure.reason) : 'no failure';
};

it('a Slack that cannot be reached is told with its cause, and not as a fault of the token', async () => {
  expect(await reasonAt(`http://127.0.0.1:${await closedPort()}`)).toMatch(
    /^Slack could not be reached \(.*ECONNREFUSED.*\): see to the network, DNS or proxy of this machine/,
  );
});

it('a page of somebody else’s in the place of Slack is named as that', async () => {
  await using portal = await serve((_, answer) => answer.end('<html>sign in</html>'));
  expect(await reasonAt(portal.url)).toMatch(/^what answers is not Slack: see to the network/);
});
