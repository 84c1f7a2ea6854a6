import type { Stage } from './stage.ts';

const npm = (name: string, ...command: readonly string[]): Stage => ({ name, command: ['npm', ...command] });

const suite = (name: string, ...command: readonly string[]): Stage => ({ ...npm(name, ...command), isSuite: true });

/** Each has the machine for itself. */
export const oneByOne: readonly Stage[] = [
  suite('tests', 'run', 'test'),
  npm('check', 'run', 'check'),
  suite('slower suites', 'run', 'test:slow'),
  // What stands still needs no minute here: that its lease has passed is for the whole matrix.
  npm('crash matrix', 'run', 'crash-matrix', '--', '--fixed', '--fresh', '--parallel', '3', '--pause', '5'),
];

const demo = (name: string, ...options: readonly string[]): Stage =>
  npm(`demo ${name}`, 'run', 'demo', '--', ...options, '--exit');

const scenarios = ['leak', 'outage', 'none', 'slow', 'errors', 'dbdown', 'one-tenant', 'transient'];

/** Each waits half of its time: three of them keep two cores busy. */
export const atATime = 3;

export const demos: readonly Stage[] = [
  ...scenarios.flatMap((scenario) => [
    demo(`${scenario}, tidy`, '--scenario', scenario),
    demo(`${scenario}, rough`, '--scenario', scenario, '--rough'),
  ]),
  ...['flap', 'login', 'feature', 'burst', 'prometheus-only'].map((scenario) =>
    demo(`${scenario}, tidy`, '--scenario', scenario),
  ),
  demo('leak, replica set', '--scenario', 'leak', '--replica-set'),
  demo('slow, approved on the command line', '--scenario', 'slow', '--without-slack'),
  demo('slow, approved by nobody with a role', '--scenario', 'slow', '--pressed-by', 'nobody'),
];
