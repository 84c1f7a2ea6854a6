import { never } from '../../../core/errors.ts';
import type { RunState } from '../../../incident/daemon-state.ts';
import type { Incident } from '../../../incident/state.ts';
import type { Authority } from '../../../model/event.ts';
import { literalText, moment } from './markup.ts';

/** Where an incident stands, in one line; it is shown in bold, so that nothing in it may end that. */
export function standingText(incident: Incident, run: RunState | undefined, now: number): string {
  const line = `${statusText(incident, run, now)}${containmentText(incident)}${flappingText(incident)}`;
  const { snoozed } = incident;
  const quiet = snoozed && now < snoozed.until && incident.status !== 'closed';
  return quiet ? `${line}. Reminders snoozed by ${literalText(snoozed.person)} until ${moment(snoozed.until)}` : line;
}

function statusText(incident: Incident, run: RunState | undefined, now: number): string {
  switch (incident.status) {
    case 'open':
      return incident.frozen ? courseText(incident.frozen.decision) : 'found, not decided yet';
    case 'awaiting-approval': {
      const { deadline } = incident.request;
      return deadline !== undefined && now >= deadline ? 'OVERDUE: an answer is needed' : 'An answer is needed';
    }
    case 'approved':
      return `approved by ${incident.people.map(literalText).join(' and ')}: the rollback begins`;
    case 'rejected':
      return `rejected by ${literalText(incident.person)}: ${literalText(incident.reason)}`;
    case 'rolling-back':
      return `rolling back since ${moment(incident.at)}, ${wordOf(incident.authority)} (${literalText(incident.run)})`;
    case 'rollback-failed':
      return `THE ROLLBACK FAILED (${runText(incident.run, run)}): ${literalText(incident.reason)}`;
    case 'rolled-back':
      return `rolled back (${runText(incident.run, run)})`;
    case 'watching':
      return `rolled back (${runText(incident.run, run)}), watched until ${moment(incident.until)}`;
    case 'closed':
      return `closed, ${incident.outcome}: ${literalText(incident.reason)}`;
    default:
      return never(incident);
  }
}

/** Which run it was, and on whose word. */
const runText = (id: string, run: RunState | undefined): string =>
  run ? `${literalText(id)}, ${wordOf(run.authority)}` : literalText(id);

function courseText({ action, next }: NonNullable<Incident['frozen']>['decision']): string {
  switch (next ?? action) {
    case 'page':
      return 'firing: people are about to be asked';
    case 'rollback':
      return 'firing: about to be rolled back';
    default:
      return 'on hold: rollbackd does nothing and asks nobody';
  }
}

/** That it comes and goes, and what follows while it is clear. */
function flappingText({ returns, troubleSince, clearSince, status }: Incident): string {
  if (status === 'closed') return '';
  const often = returns === 1 ? 'once' : `${returns} times`;
  const back = returns === 0 ? '' : `. Came back ${often} since ${moment(troubleSince)}`;
  return clearSince === undefined ? back : `${back}. Clear since ${moment(clearSince)}: withdrawn if it stays clear`;
}

function wordOf(authority: Authority): string {
  switch (authority.by) {
    case 'daemon':
      return 'by rollbackd alone';
    case 'approval':
      return `approved by ${authority.people.map(literalText).join(' and ')}`;
    case 'person':
      return `by ${literalText(authority.person)}`;
    default:
      return never(authority);
  }
}

function containmentText({ containment, status }: Incident): string {
  if (status === 'closed') return '';
  switch (containment.state) {
    case 'none':
    case 'released':
      return '';
    case 'begun':
      return '. The application is being stopped';
    case 'proven':
      return '. The application is stopped';
    case 'failed':
      return `. STOPPING THE APPLICATION FAILED: ${literalText(containment.reason)}`;
    default:
      return never(containment);
  }
}
