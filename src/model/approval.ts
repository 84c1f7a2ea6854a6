import { z } from 'zod';
import { role } from './person.ts';

/** Bound to what was seen and to what will be done: a click on anything else is void. */
export const approvalSubject = z.strictObject({
  incident: z.string(),
  revision: z.number().int(),
  planHash: z.string(),
  evidenceHash: z.string(),
});
export type ApprovalSubject = z.infer<typeof approvalSubject>;

/** A named person's yes or no, in the role that counted. */
export const approval = z.strictObject({
  ...approvalSubject.shape,
  answer: z.enum(['approved', 'rejected']),
  person: z.string(),
  role,
  via: z.enum(['cli', 'slack', 'page']),
  reason: z.string().optional(),
});
export type Approval = z.infer<typeof approval>;

/** Whose yes a tier needs: every group must be satisfied by a different person who holds one of its roles. */
export const quorum = z.array(z.array(role).min(1)).min(1);
export type Quorum = z.infer<typeof quorum>;
