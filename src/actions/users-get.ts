import { marked } from '../adapters/traffic/switch.ts';
import { describeSilence } from '../probes/ask.ts';
import type { World } from './world.ts';

/** What users get at this moment, in words: asked through the balancer as they ask. */
export async function usersGet(world: World, signal: AbortSignal): Promise<string> {
  const { target, probes } = world.settings;
  const { headers, isMaintenance } = marked();
  const question = { baseUrl: target.publicUrl, path: probes.unified.health.path, timeoutMs: probes.timeout, headers };
  const reply = await world.ask(question, signal);
  if (!reply.answered) return `nothing (${describeSilence(reply.why)})`;
  return isMaintenance(reply.headers) ? 'the maintenance answer' : `status ${reply.status}`;
}
