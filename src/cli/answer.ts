import { printResult, reach, type Whereabouts } from './daemon-command.ts';
import { type Terminal, writeLines } from './terminal.ts';

interface Answer {
  readonly incident: string | undefined;
  readonly reason: string | undefined;
}

/** Shows the question, and answers that one: should it change in between, the answer is void. */
export async function answer(
  terminal: Terminal,
  where: Whereabouts,
  name: 'approve' | 'reject',
  { incident: wanted, reason }: Answer,
): Promise<void> {
  const client = await reach(where, terminal);
  const { incident } = await client.status();
  const request = incident?.request;
  if (!incident || !request) {
    return printResult(terminal, await client.command(name, { incident: wanted, reason }));
  }
  const { revision, planHash, evidenceHash } = request;
  writeLines(terminal, [
    `${incident.id}: ${incident.criterion} (${incident.tier}), tenants ${incident.tenants.join(', ') || 'unknown'}`,
    `revision ${revision}, plan ${planHash.slice(0, 12)}, evidence ${evidenceHash.slice(0, 12)}`,
  ]);
  const seen = { incident: incident.id, revision, planHash, evidenceHash };
  printResult(terminal, await client.command(name, { incident: wanted, reason, seen }));
}
