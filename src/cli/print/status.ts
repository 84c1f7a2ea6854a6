import { formatDuration } from '../../core/duration.ts';
import { formatRatio } from '../../core/ratio.ts';
import type { StatusView } from '../../doors/socket/client.ts';
import { obstacleInWords } from '../../model/obstacle.ts';
import { incidentLines } from './incident.ts';
import { runLines, watchLines } from './run.ts';

/** The whole status for a person, the most urgent last: that is where the eye is. */
export function statusLines(view: StatusView): string[] {
  return [
    ...headLines(view),
    ...titled('probes', probeLines(view.probes)),
    ...titled('A RUN WOULD FAIL', view.obstacles.map(obstacleInWords)),
    ...titled('verdicts', view.verdicts.map(verdictLine)),
    ...decisionLines(view),
    ...(view.run ? runLines(view.run, view.at) : []),
    ...watchLines(view),
    ...titled('channels that take no messages', view.failingChannels.map(channelLine)),
    ...(view.slackConnected === false ? ['NOT CONNECTED TO SLACK: answer with `rollbackd approve` or `reject`'] : []),
    ...titled('messages that nobody has got', view.undelivered.map(messageLine)),
    ...(view.incident ? incidentLines(view.incident, view.at) : ['no incident']),
  ];
}

const titled = (title: string, lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : [title, ...lines.map((line) => `  ${line}`)];

function headLines({ target, version, mode, armed, paused, journal }: StatusView): string[] {
  return [
    `${target}: mode ${mode} (rollbackd ${version})`,
    ...(armed ? [armedLine(armed)] : []),
    ...(paused ? [`PAUSED by ${paused.person} until ${time(paused.until)}: ${paused.reason}`] : []),
    ...(journal.writable ? [] : ['THE JOURNAL CANNOT BE WRITTEN: rollbackd looks on, but does not act']),
    ...(journal.why === undefined ? [] : [journal.why]),
  ];
}

function armedLine({ person, role, until, guardsOff }: NonNullable<StatusView['armed']>): string {
  const off = guardsOff.length > 0 ? `, without the guards ${guardsOff.join(', ')}` : '';
  return `armed by ${person} (${role}) until ${time(until)}${off}`;
}

const time = (at: number) => new Date(at).toISOString();

type ProbeView = StatusView['probes'][number];

/** More blind looks than these are told by their number. */
const blindShown = 2;

function probeLines(probes: readonly ProbeView[]): string[] {
  return [...Map.groupBy(probes, ({ probe }) => probe).values()].flatMap(linesOfProbe);
}

/** A probe that asks many questions at each look is told in one line, and what it could not see below it. */
function linesOfProbe(looks: readonly ProbeView[]): string[] {
  const [first] = looks;
  if (!first || looks.length === 1) return looks.map(probeLine);
  const blind = looks.filter(({ status }) => status === 'unobserved');
  const summary = `${looks.length - blind.length} of ${looks.length} questions answered`;
  const newest = Math.min(...looks.map(({ ageMs }) => ageMs));
  return [
    probeLine({ ...first, status: 'observed', ageMs: newest, summary }),
    ...blind.slice(0, blindShown).map(probeLine),
    ...(blind.length > blindShown ? [`           and ${blind.length - blindShown} more blind`] : []),
  ];
}

function probeLine({ probe, ageMs, status, summary }: ProbeView): string {
  return `${probe.padEnd(10)}${formatDuration(ageMs).padStart(7)} ago  ${status === 'unobserved' ? 'BLIND: ' : ''}${summary}`;
}

function verdictLine(verdict: StatusView['verdicts'][number]): string {
  const { criterion, value, threshold, unit, samples, windowMs, reason } = verdict;
  const head = `${criterion.padEnd(18)} ${verdict.verdict.padEnd(12)} `;
  // Nothing is wrong, so nothing was measured: figures of zero would read like blindness.
  if (verdict.verdict === 'clear' && value === 0) return `${head}${reason}`;
  const number = (amount: number) => inUnit(amount, unit);
  const measured = `${number(value)} (threshold ${number(threshold)}; ${samples} samples in ${formatDuration(windowMs)})`;
  return `${head}${measured}: ${reason}`;
}

function inUnit(amount: number, unit: StatusView['verdicts'][number]['unit']): string {
  if (unit === 'ms') return formatDuration(amount);
  return unit === 'share' ? formatRatio(amount) : `${Number(amount.toPrecision(3))} ${unit}`;
}

function decisionLines({ decision }: StatusView): string[] {
  if (!decision) return [];
  const course = decision.next ? `${decision.action}, then ${decision.next}` : decision.action;
  return [
    `decision: ${course}`,
    ...decision.reasonsFor.map((reason) => `  for      ${reason}`),
    ...decision.reasonsAgainst.map((reason) => `  against  ${reason}`),
  ];
}

const channelLine = ({ channel, since, failures, reason }: StatusView['failingChannels'][number]): string =>
  `${channel}: ${failures} failures in a row since ${time(since)}: ${reason}`;

function messageLine({ subject, urgency, faults }: StatusView['undelivered'][number]): string {
  return `${subject} (${urgency})${faults.length > 0 ? `: ${faults.join('; ')}` : ''}`;
}
