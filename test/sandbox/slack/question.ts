import type { WebClient } from '@slack/web-api';

/** A question with two buttons, as an application would ask it. */
export async function postQuestion(web: WebClient, channel: string): Promise<string> {
  const button = (action_id: string, text: string) => ({
    type: 'button' as const,
    action_id,
    value: `incident-1:${action_id}`,
    text: { type: 'plain_text' as const, text },
  });
  const { ts } = await web.chat.postMessage({
    channel,
    text: 'Roll back?',
    blocks: [
      { type: 'section', text: { type: 'mrkdwn', text: '*Roll back?*' } },
      { type: 'actions', block_id: 'answer', elements: [button('approve', 'Approve'), button('reject', 'Reject')] },
    ],
  });
  if (ts === undefined) throw new Error('the message has no ts');
  return ts;
}

/** The form that asks why. */
export const reasonForm = {
  type: 'modal' as const,
  callback_id: 'reject-reason',
  private_metadata: 'incident-1',
  title: { type: 'plain_text' as const, text: 'Reject' },
  submit: { type: 'plain_text' as const, text: 'Reject' },
  blocks: [
    {
      type: 'input' as const,
      block_id: 'reason',
      label: { type: 'plain_text' as const, text: 'Why?' },
      element: { type: 'plain_text_input' as const, action_id: 'text' },
    },
  ],
};
