const token = 'give notify.slack.botToken the Bot User OAuth Token of the installed application';
const membership = 'invite the application to the channel, and see that notify.slack.channel is its id';

const advice: Readonly<Record<string, string>> = {
  token_revoked: token,
  token_expired: token,
  invalid_auth: token,
  not_authed: token,
  account_inactive: token,
  not_allowed_token_type: token,
  is_archived: 'unarchive the channel, or name another one in notify.slack.channel',
  channel_not_found: membership,
  not_in_channel: membership,
  missing_scope: 'add the scope to the application and install it again',
  no_such_subteam: 'see doors.slack.groups: there is no such user group',
  restricted_action: 'a rule of the workspace forbids the application to post there',
};

/** What a person can do about Slack's refusal. */
export const adviceFor = (error: string): string => (advice[error] ? `. Next: ${advice[error]}` : '');
