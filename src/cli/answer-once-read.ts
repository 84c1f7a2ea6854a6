import { RollbackdError } from '../core/errors.ts';
import type { IncidentView } from '../doors/socket/client.ts';
import { printResult, reach, type Whereabouts } from './daemon-command.ts';
import { incidentLines } from './print/incident.ts';
import { type Terminal, writeLines } from './terminal.ts';

interface Answer {
  readonly incident: string | undefined;
  readonly reason: string | undefined;
}

type Order = 'approve' | 'reject';

const words = {
  approve: { word: 'yes', ask: (revision: number, id: string) => `Roll back as revision ${revision} of ${id} says?` },
  reject: { word: 'no', ask: (revision: number, id: string) => `Reject revision ${revision} of ${id}?` },
} as const satisfies Record<Order, unknown>;

/** Shows the whole question, and answers that one: should it change in between, the answer is void. */
export async function answerOnceRead(
  terminal: Terminal,
  where: Whereabouts,
  order: Order,
  { incident: wanted, reason }: Answer,
): Promise<void> {
  if (!terminal.ask) throw unread(order);
  const client = await reach(where, terminal);
  const { incident, at } = await client.status();
  const request = incident?.request;
  if (!incident || !request) throw nothingAsked(incident);
  writeLines(terminal, incidentLines(incident, at));
  const { revision, planHash, evidenceHash } = request;
  const said = await terminal.ask(`${words[order].ask(revision, incident.id)} yes or no: `);
  if (said.trim().toLowerCase() !== 'yes') throw unconfirmed();
  const seen = { incident: incident.id, revision, planHash, evidenceHash };
  printResult(terminal, await client.command(order, { incident: wanted, reason, seen }));
}

const unread = (order: Order) =>
  new RollbackdError(
    'question-not-named',
    `a ${words[order].word} says which question was read, and there is no terminal to show it on`,
    {
      remedy: `read it with \`rollbackd status\`, then \`rollbackd ${order} INCIDENT --revision N\` as it stands there`,
    },
  );

const nothingAsked = (incident: IncidentView | undefined) =>
  new RollbackdError(
    'nothing-to-approve',
    incident ? `${incident.id} is ${incident.status}: it waits for ${incident.waitsFor}` : 'no incident is open',
    { remedy: 'see `rollbackd status`; to roll back without being asked: `rollbackd rollback --reason ...`' },
  );

const unconfirmed = () =>
  new RollbackdError('not-confirmed', 'nothing was answered: the question stands', {
    remedy: 'give it again and answer `yes`; `rollbackd status` shows how to answer otherwise',
  });
