import { createInterface } from 'node:readline/promises';
import { Command, Option } from 'commander';
import { leak } from './scenarios/leak.ts';
import { none } from './scenarios/none.ts';
import { outage } from './scenarios/outage.ts';
import type { Outcome } from './scenarios/outcome.ts';
import { type Stage, type StageOptions, setStage } from './stage.ts';
import { closingTable } from './table.ts';

interface DemoOptions {
  readonly scenario?: 'leak' | 'outage' | 'none';
  readonly rough?: true;
  readonly replicaSet?: true;
  readonly exit?: true;
  readonly daemon: StageOptions['daemon'];
  readonly byHand?: true;
  readonly documents?: string;
}

const scenarios = ['leak', 'outage', 'none'] as const;

const command = new Command('demo')
  .description('A café after its migration, and rollbackd beside it')
  .addOption(new Option('--scenario <name>', 'what goes wrong; asked for where absent').choices(scenarios))
  .option('--rough', 'the traits of a real installation instead of a tidy one')
  .option('--replica-set', 'a replica set of one instead of a standalone mongod')
  .option('--documents <number>', 'how many documents the café has')
  .option('--exit', 'end when the scenario is over, with 0 only if the oracle agrees')
  .addOption(new Option('--daemon <state>').choices(['armed', 'observe', 'off']).default('armed'))
  .option('--by-hand', 'with none: a person rolls back although nothing is wrong');

const started = performance.now();
// The demo speaks to a person on a terminal.
const say = (line: string) =>
  process.stdout.write(`${((performance.now() - started) / 1_000).toFixed(1).padStart(6)}  ${line}\n`);

async function play(stage: Stage, scenario: string, options: DemoOptions): Promise<Outcome> {
  if (scenario === 'leak') return leak(stage);
  return scenario === 'outage' ? outage(stage) : none(stage, { byHand: options.byHand === true });
}

async function pick(stage: Stage): Promise<string> {
  const { sandbox, config } = stage;
  say(`the café: ${sandbox.publicUrl}/api/menu (header x-tenant-slug: ${sandbox.tenants[0]?.slug})`);
  say(`metrics: ${stage.metricsUrl}; status: npm run rollbackd -- status --socket ${config.socket}`);
  using terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await terminal.question(`What goes wrong? (${scenarios.join(', ')}) `);
  return scenarios.find((name) => name === answer.trim()) ?? 'leak';
}

async function main(): Promise<number> {
  const options = command.parse().opts<DemoOptions>();
  await using stage = await setStage({
    temperament: options.rough ? 'rough' : 'tidy',
    mongo: options.replicaSet ? 'replicaSet' : 'standalone',
    documents: options.documents === undefined ? undefined : Number(options.documents),
    daemon: options.daemon,
    say,
  });
  const scenario = options.scenario ?? (await pick(stage));
  const outcome = await play(stage, scenario, options);
  process.stdout.write(`${closingTable(scenario, outcome)}\n`);
  if (!options.exit && process.stdin.isTTY) {
    using terminal = createInterface({ input: process.stdin, output: process.stdout });
    await terminal.question('Everything still runs. Press Enter to end it. ');
  }
  return outcome.amiss.length === 0 ? 0 : 1;
}

process.exitCode = await main();
