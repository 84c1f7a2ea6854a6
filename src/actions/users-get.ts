import { marked } from '../adapters/traffic/switch.ts';
import { describeSilence, type Reply } from '../probes/ask.ts';
import type { World } from './world.ts';

export interface AskedAsUser {
  readonly reply: Reply;
  /** The balancer's own maintenance answer to this very question. */
  readonly isMaintenance: boolean;
}

/** Asks through the balancer as users do, so that its maintenance answer can be told from the application's. */
export async function askAsUser(world: World, signal: AbortSignal): Promise<AskedAsUser> {
  const { target, probes } = world.settings;
  const { headers, isMaintenance } = marked();
  const question = { baseUrl: target.publicUrl, path: probes.unified.health.path, timeoutMs: probes.timeout, headers };
  const reply = await world.ask(question, signal);
  return { reply, isMaintenance: reply.answered && isMaintenance(reply.headers) };
}

/** What users get at this moment, in words. */
export async function usersGet(world: World, signal: AbortSignal): Promise<string> {
  const { reply, isMaintenance } = await askAsUser(world, signal);
  if (!reply.answered) return `nothing (${describeSilence(reply.why)})`;
  return isMaintenance ? 'the maintenance answer' : `status ${reply.status}`;
}
