import type { View } from '@slack/web-api';
import { z } from 'zod';
import { type ApprovalSubject, approvalSubject } from '../../model/approval.ts';
import type { SentForm } from './interaction.ts';

const callbackId = 'rollbackd.reject-reason';
const blockId = 'reason';
const actionId = 'text';

/** What the form was opened for; it comes back with it. */
const memo = z.strictObject({ seen: approvalSubject, channel: z.string() });
export type FormMemo = z.infer<typeof memo>;

const plain = (text: string) => ({ type: 'plain_text' as const, text });

/** Asks why somebody says no: a rejection without a reason helps nobody. */
export const reasonForm = (seen: ApprovalSubject, channel: string): View => ({
  type: 'modal',
  callback_id: callbackId,
  private_metadata: JSON.stringify({ seen, channel } satisfies FormMemo),
  title: plain('Reject the rollback'),
  submit: plain('Reject'),
  close: plain('Cancel'),
  blocks: [
    {
      type: 'input',
      block_id: blockId,
      label: plain('Why not?'),
      hint: plain('Everybody will read it. Nothing is rolled back alone in this incident any more.'),
      element: { type: 'plain_text_input', action_id: actionId, multiline: true, max_length: 1_000 },
    },
  ],
});

/** Slack shows it at the field, and leaves the form open. */
export const sayWhy = { response_action: 'errors', errors: { [blockId]: 'Say why: everybody will read it.' } } as const;

export interface FilledIn {
  readonly memo: FormMemo;
  readonly reason: string;
}

/** `undefined` where it is no form of ours. */
export function filledIn({ view }: SentForm): FilledIn | undefined {
  if (view.callback_id !== callbackId) return undefined;
  const reason = view.state.values[blockId]?.[actionId]?.value?.trim() ?? '';
  try {
    const known = memo.safeParse(JSON.parse(view.private_metadata));
    return known.success ? { memo: known.data, reason } : undefined;
  } catch {
    return undefined;
  }
}
