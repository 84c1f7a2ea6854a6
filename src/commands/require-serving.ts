import type { RunState } from '../incident/daemon-state.ts';
import { stopBegan } from '../incident/users-back.ts';
import type { Version } from '../model/version.ts';
import { CommandRefused } from './refusal.ts';

/**
 * A rollback that failed half-way leaves either version behind, and what is asked of the application afterwards differs:
 * whoever finished by hand says which one serves. Errors: `serving-not-said`.
 */
export function requireServing(run: RunState | undefined, serving: Version | undefined, command: string): void {
  if (!run || !stopBegan(run) || serving !== undefined) return;
  throw new CommandRefused('serving-not-said', `${run.run} failed half-way: say which version serves now`, {
    remedy: `give \`rollbackd ${command}\` again with --serving legacy or --serving unified`,
  });
}
