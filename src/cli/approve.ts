import type { Command } from 'commander';
import { RollbackdError } from '../core/errors.ts';
import type { IncidentView } from '../doors/socket/client.ts';
import { daemonCommand, give, printResult, reach, type Whereabouts } from './daemon-command.ts';
import { incidentLines } from './print/incident.ts';
import { revisionOption } from './revision-option.ts';
import { type Terminal, writeLines } from './terminal.ts';

interface Answer {
  readonly incident: string | undefined;
  readonly reason: string | undefined;
}

type Options = Whereabouts & { readonly reason?: string; readonly revision?: number };

export const approveCommand = (terminal: Terminal): Command =>
  daemonCommand('approve', terminal)
    .argument('[incident]', 'the open one where none is named')
    .addOption(
      revisionOption('the question of that incident that you have read: needed where nobody sits at a terminal'),
    )
    .option('--reason <text>', 'why')
    .action((incident: string | undefined, { reason, revision, ...where }: Options) =>
      revision === undefined
        ? approveOnceRead(terminal, where, { incident, reason })
        : give(terminal, where, 'approve', { incident, reason, revision }),
    );

/** Shows the whole question, and approves that one: should it change in between, the yes is void. */
async function approveOnceRead(terminal: Terminal, where: Whereabouts, { incident: wanted, reason }: Answer) {
  if (!terminal.ask) throw unread();
  const client = await reach(where, terminal);
  const { incident, at } = await client.status();
  const request = incident?.request;
  if (!incident || !request) throw nothingAsked(incident);
  writeLines(terminal, incidentLines(incident, at));
  const { revision, planHash, evidenceHash } = request;
  const said = await terminal.ask(`Roll back as revision ${revision} of ${incident.id} says? yes or no: `);
  if (said.trim().toLowerCase() !== 'yes') throw unconfirmed();
  const seen = { incident: incident.id, revision, planHash, evidenceHash };
  printResult(terminal, await client.command('approve', { incident: wanted, reason, seen }));
}

const unread = () =>
  new RollbackdError(
    'question-not-named',
    'a yes says which question was read, and there is no terminal to show it on',
    {
      remedy: 'read it with `rollbackd status`, then `rollbackd approve INCIDENT --revision N` as it stands there',
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
    remedy: 'give it again and answer `yes`, or say no with `rollbackd reject --reason ...`',
  });
