import type { Decision } from '../model/decision.ts';

/** What is to come of it in the end: containment is only its beginning. */
export const courseOf = ({ action, next }: Decision): Exclude<Decision['action'], 'contain'> =>
  action === 'contain' ? (next ?? 'page') : action;

/** Why no rollback is offered at the moment; `undefined` where one is. Its guard may pass again at the next look. */
export function notOffered({ action, guards }: Decision): string | undefined {
  const wouldHelp = guards.find(({ guard }) => guard === 'would-help');
  return action === 'hold' && wouldHelp?.outcome === 'failed' ? wouldHelp.reason : undefined;
}
