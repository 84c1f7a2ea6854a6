import {
  burstTimes,
  daysOfSlowness,
  fixedPart,
  goalTimes,
  healthyDays,
  onsets,
  outageStudy,
  type Study,
  steadyDays,
  timesOfSlowness,
} from './study.ts';
import { falseTable, goalsTable, outagesTable, slowDaysTable, slowTimesTable, timesTable } from './tables.ts';

const introduction = (study: Study): string => `# How good the rules decide

Made by \`npm run quality\`, seed ${study.seed}, by the defaults of [configure.md](configure.md). The same command gives the same page.

Requests arrive by chance, more densely in one minute than in the next. A day has a flat night and a dense noon (a mean of so many requests a minute), bots that double the traffic for 6 to 20 min, a nightly batch, and a third-party route with 2 % of the traffic that for 2 to 4 h fails 40 % of the time. Eight tenants of unequal size share the requests. In brackets: the true value lies there, with 95 % certainty. \`never\`: not while it was watched (4 h, of latency 2 h, of outages 1 h).

The **fixed threshold** is what many an alert does: once a minute, the share of the last 5 min above the threshold, with at least 10 requests, twice in a row. It sees the same requests in the same run. Its times are short because it asks anyway: read them beside its false breaches.`;

interface Section {
  readonly title: string;
  readonly says: string;
  readonly table: (study: Study) => string;
}

const sections: readonly Section[] = [
  {
    title: 'False breaches on quiet days',
    says: 'Half of the threshold fails all day: nobody should be asked. For each 1,000 days; the goal is at most 1 at every level.',
    table: (study) => falseTable(healthyDays(study, 0.5, false)),
  },
  {
    title: 'What real services live with',
    says: 'A steady share of failures below the threshold is no trouble. Questions for each 1,000 days.',
    table: (study) => falseTable(steadyDays(study)),
  },
  {
    title: 'False breaches on days with deploys',
    says: 'One deploy or more a day fails every request for 20 to 60 s, while a tenth of the threshold fails beside it. Questions for each 1,000 days.',
    table: (study) => falseTable(healthyDays(study, 0.1, true)),
  },
  {
    title: 'False breaches on days with deploys, at half the threshold',
    says: 'The same where half of the threshold fails beside the deploys. Questions for each 1,000 days.',
    table: (study) => falseTable(healthyDays(study, 0.5, true)),
  },
  {
    title: 'The goals',
    says: 'Minutes from the onset to the question.',
    table: (study) => goalsTable(goalTimes(study)),
  },
  {
    title: 'Time to the question, moderate',
    says: 'Minutes from the onset to the question, by how many times the threshold fails. By this criterion alone: where a severe share is likely (odds of 3) it waits for `error-rate-severe`.',
    table: (study) => timesTable(onsets(study, 'error-rate-moderate')),
  },
  {
    title: 'Time to the question, severe',
    says: 'The same of `error-rate-severe`.',
    table: (study) => timesTable(onsets(study, 'error-rate-severe')),
  },
  {
    title: 'Trouble that comes and goes',
    says: 'Minutes to the question at any phase. In each burst so many requests fail; between two hardly any.',
    table: (study) => goalsTable(burstTimes(study)),
  },
  {
    title: 'Slow for minutes',
    says: 'p95 is at half of the threshold; after each restart it is 8x for 3 min, and 6x for 4 min in the nightly batch. For each 1,000 days: how often people are told, which is right, and asked, which is not.',
    table: (study) => slowDaysTable(daysOfSlowness(study)),
  },
  {
    title: 'Slow for good',
    says: 'Minutes from the onset until people are told; they are asked when there were 30 min for quick fixes.',
    table: (study) => slowTimesTable(timesOfSlowness(study)),
  },
  {
    title: 'Outages',
    says: 'Minutes from the first moment down, at any phase, judged by all criteria together. `critical`: `unavailable` is in breach, which acts alone where it may.',
    table: (study) => outagesTable(outageStudy(study)),
  },
];

const inFull = (study: Study): string[] =>
  sections.map(({ title, says, table }) => `## ${title}\n\n${says}\n\n${table(study)}`);

/** A part so small that a test makes it anew with every change. */
export const fixedSection = (): string => {
  const tables = sections.map(({ title, table }) => `### ${title}\n\n${table(fixedPart)}`);
  return ['## The part that is tested', 'The same, much smaller: a test makes it anew.', ...tables].join('\n\n');
};

export const page = (study: Study): string =>
  `${[introduction(study), ...inFull(study), fixedSection()].join('\n\n')}\n`;
