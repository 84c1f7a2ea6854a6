import type { KnownBlock } from '@slack/web-api';
import { z } from 'zod';
import { type ApprovalSubject, approvalSubject } from '../../../model/approval.ts';
import { cutText } from './markup.ts';

/** What a button stands for; Slack hands it back with each click. */
export const actionIds = {
  approve: 'rollbackd.approve',
  reject: 'rollbackd.reject',
  snooze: 'rollbackd.snooze',
} as const;
export type CardAction = keyof typeof actionIds;

export const actionOf = (id: string): CardAction | undefined =>
  (Object.keys(actionIds) as CardAction[]).find((action) => actionIds[action] === id);

/** Slack makes up an id of its own where none is given, and another one at each update. */
const blockId = 'rollbackd.answer';

const pressed = z.union([approvalSubject, z.strictObject({ incident: z.string() })]);
/** What was on the card when it was pressed. */
export type Pressed = z.infer<typeof pressed>;

export function pressedOf(value: string | undefined): Pressed | undefined {
  try {
    return pressed.safeParse(JSON.parse(value ?? '')).data;
  } catch {
    return undefined;
  }
}

const plain = (text: string, limit: number) => ({ type: 'plain_text' as const, text: cutText(text, limit) });

const button = (action: CardAction, text: string, value: Pressed) => ({
  type: 'button' as const,
  action_id: actionIds[action],
  text: plain(text, 75),
  value: JSON.stringify(value),
});

const snooze = (incident: string) => button('snooze', 'Snooze 30 minutes', { incident });

/** Every button carries what the card shows: pressed later, it still means that. */
export function answerButtons(
  { incident, revision, planHash, evidenceHash }: ApprovalSubject,
  target: string,
): KnownBlock {
  const seen = { incident, revision, planHash, evidenceHash };
  const confirm = {
    title: plain('Roll back?', 100),
    text: plain(`${target} is stopped and goes back to the legacy version.`, 300),
    confirm: plain('Roll back', 30),
    deny: plain('Not yet', 30),
  };
  return {
    type: 'actions',
    block_id: blockId,
    elements: [
      { ...button('approve', 'Approve', seen), style: 'danger', confirm },
      button('reject', 'Reject', seen),
      snooze(incident),
    ],
  };
}

export const snoozeButton = (incident: string): KnownBlock => ({
  type: 'actions',
  block_id: blockId,
  elements: [snooze(incident)],
});
