import { failureOf, type SlackFailure } from '../../notify/channels/slack/failure.ts';

const remedy = 'give doors.slack.socketMode.appToken an app-level token with connections:write';

/** What came of asking for a connection. Slack's words are those of the channel's token; what to do is not. */
export function appTokenFailure(thrown: unknown): SlackFailure {
  const failure = failureOf(thrown);
  return failure.about === 'access' ? { ...failure, reason: `Slack says ${failure.error}. Next: ${remedy}` } : failure;
}
