import type { Decision } from '../model/decision.ts';

/** What is to come of it in the end: containment is only its beginning. */
export const courseOf = ({ action, next }: Decision): Exclude<Decision['action'], 'contain'> =>
  action === 'contain' ? (next ?? 'page') : action;
