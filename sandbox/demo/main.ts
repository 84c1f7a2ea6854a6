import { takeDownOnSignal } from './interruption.ts';
import { type DemoOptions, readOptions } from './options.ts';
import { askOnTerminal, pickScenario, type Scenario } from './prompt.ts';
import { burst, feature, flap, login } from './scenarios/asked-once.ts';
import { leak } from './scenarios/leak.ts';
import { none } from './scenarios/none.ts';
import { outage } from './scenarios/outage.ts';
import type { Outcome } from './scenarios/outcome.ts';
import { paged } from './scenarios/paged.ts';
import { prometheusOnly } from './scenarios/prometheus-only.ts';
import { dbdown, oneTenant, transient } from './scenarios/told.ts';
import { type Stage, setStage } from './stage.ts';
import { closingTable } from './table.ts';

const started = performance.now();
// Whoever reads along may be gone before everything is taken down: nobody hears the rest, and it is taken down all the same.
process.stdout.on('error', () => {});
// The demo speaks to a person on a terminal.
const say = (line: string) =>
  process.stdout.write(`${((performance.now() - started) / 1_000).toFixed(1).padStart(6)}  ${line}\n`);

const plays: Readonly<Record<Scenario, (stage: Stage, options: DemoOptions) => Promise<Outcome>>> = {
  leak,
  outage,
  slow: (stage, { pressedBy }) => paged(stage, 'slow', pressedBy),
  errors: (stage, { pressedBy }) => paged(stage, 'errors', pressedBy),
  dbdown,
  'one-tenant': oneTenant,
  transient,
  flap,
  login,
  feature,
  burst,
  'prometheus-only': prometheusOnly,
  none: (stage, { byHand }) => none(stage, { byHand: byHand === true }),
};

/** What a scenario waited for in vain is amiss like anything else; what is being taken down fails in many ways. */
function cutShort(error: unknown): Outcome {
  if (takingDown.begun()) throw error;
  return { amiss: [error instanceof Error ? error.message : String(error)], status: undefined, perTenant: [] };
}

async function pick({ sandbox, metricsUrl, config, slack }: Stage): Promise<Scenario | undefined> {
  say(`the café: ${sandbox.publicUrl}/api/menu (header x-tenant-slug: ${sandbox.tenants[0]?.slug})`);
  say(`metrics: ${metricsUrl}; status: npm run rollbackd -- status --socket ${config.socket}`);
  if (slack) say(`Slack, to look at and to press its buttons: ${slack.pageUrl}`);
  return await pickScenario(askOnTerminal);
}

async function main(options: DemoOptions): Promise<number> {
  await using stage = await setStage({
    temperament: options.rough ? 'rough' : 'tidy',
    mongo: options.replicaSet ? 'replicaSet' : 'standalone',
    documents: options.documents,
    daemon: options.daemon,
    withoutSlack: options.withoutSlack,
    say,
  });
  const scenario = options.scenario ?? (await pick(stage));
  if (scenario === undefined) {
    say('nothing was chosen: ending everything that was started');
    return 1;
  }
  const outcome = await plays[scenario](stage, options).catch(cutShort);
  // Before the table: its end says whether all went well.
  if (outcome.amiss.length > 0 && stage.daemon)
    process.stdout.write(`\nrollbackd said last\n${await stage.lastSaid()}\n`);
  process.stdout.write(`${closingTable(scenario, outcome)}\n`);
  if (!options.exit && process.stdin.isTTY) await askOnTerminal('Everything still runs. Press Enter to end it. ');
  return outcome.amiss.length === 0 ? 0 : 1;
}

const options = readOptions({ isTerminal: process.stdin.isTTY === true });
const takingDown = takeDownOnSignal(say);
try {
  process.exitCode = await main(options);
} catch (error) {
  // What is being taken down fails in many ways: the signal has the last word.
  if (!takingDown.begun()) throw error;
}
// Whoever takes everything down ends the process, too.
if (takingDown.begun()) await new Promise(() => {});
