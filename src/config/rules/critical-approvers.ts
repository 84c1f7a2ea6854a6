import type { Role } from '../../model/person.ts';
import { rule } from '../rule.ts';

/** Runbook, decision authority: any of these answers for a critical breach. */
const approvers: readonly Role[] = ['senior-engineer', 'on-call-lead'];

export const criticalApprovers = rule(['people'], ({ people }) => {
  const able = people.filter(({ roles }) => roles.some((role) => approvers.includes(role)));
  if (able.some(({ uid }) => uid !== undefined)) return [];
  const lacks = able.length === 0 ? `nobody is ${approvers.join(' or ')}` : `no ${approvers.join(' or ')} has a uid`;
  return [{ path: ['people'], message: `${lacks}: a critical breach could be approved by nobody` }];
});
