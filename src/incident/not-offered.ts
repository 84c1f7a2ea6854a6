import type { Decision } from '../model/decision.ts';

/** Why no rollback is offered at the moment; `undefined` where one is. Its guard may pass again at the next look. */
export function notOffered({ action, guards }: Decision): string | undefined {
  const wouldHelp = guards.find(({ guard }) => guard === 'would-help');
  return action === 'hold' && wouldHelp?.outcome === 'failed' ? wouldHelp.reason : undefined;
}
