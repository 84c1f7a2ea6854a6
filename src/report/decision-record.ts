import { z } from 'zod';
import { answer, via } from '../model/approval.ts';
import { decision } from '../model/decision.ts';
import { mode } from '../model/mode.ts';
import { role } from '../model/person.ts';
import { tier } from '../model/tier.ts';
import { criterionName } from '../model/verdict.ts';

const at = z.int().describe('Epoch milliseconds.');

/** Everything that was decided about one incident, and why: what `rollbackd explain --json` gives. */
export const decisionRecord = z.strictObject({
  rollbackd: z.literal('decision-record'),
  version: z.literal(1),
  incident: z.string(),
  criterion: criterionName.describe('What opened it.'),
  tier: tier.describe('Of what opened it.'),
  mode: mode.describe('How much rollbackd was allowed to do when it was decided last.'),
  openedAt: at,
  ended: z.strictObject({ at, how: z.string(), reason: z.string() }).optional().describe('Absent while it is open.'),
  decisions: z
    .array(z.strictObject({ at, revision: z.int(), evidenceHash: z.string(), decision }))
    .min(1)
    .describe('One a revision, oldest first: each with every verdict, every guard and every reason.'),
  answers: z.array(
    z.strictObject({ at, revision: z.int(), answer, person: z.string(), role, via, reason: z.string().optional() }),
  ),
  timeline: z.array(z.strictObject({ at, what: z.string() })).describe('What happened, in words, oldest first.'),
  whyNotEarlier: z.array(z.string()),
  whatWouldHaveChangedIt: z.array(z.string()),
});
export type DecisionRecord = z.infer<typeof decisionRecord>;

export const decisionRecordSchema = () => ({
  ...z.toJSONSchema(decisionRecord),
  title: 'rollbackd decision record, version 1',
});
