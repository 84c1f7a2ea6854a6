import { z } from 'zod';
import { identity, role } from './person.ts';

/** The door that a person came through. */
export const via = z.enum(['cli', 'slack', 'page']);

export const answer = z.enum(['approved', 'rejected']);

/** Bound to what was seen and to what will be done: a click on anything else is void. */
export const approvalSubject = z.strictObject({
  incident: z.string(),
  revision: z.number().int(),
  planHash: z.string(),
  evidenceHash: z.string(),
});
export type ApprovalSubject = z.infer<typeof approvalSubject>;

/** A named person's yes or no. `role` is what it was counted for first; among `roles` it may come to count for another. */
export const approval = z.strictObject({
  ...approvalSubject.shape,
  answer,
  person: z.string(),
  role,
  /** All that the person held and that have a say; older journals name one alone. */
  roles: z.array(role).optional(),
  ...identity.shape,
  via,
  reason: z.string().optional(),
});
export type Approval = z.infer<typeof approval>;

/** Whose yes a tier needs: every group must be satisfied by a different person who holds one of its roles. */
export const quorum = z.array(z.array(role).min(1)).min(1);
export type Quorum = z.infer<typeof quorum>;
