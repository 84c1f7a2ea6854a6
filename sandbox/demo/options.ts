import { Command, InvalidArgumentError, Option } from 'commander';
import { type Scenario, scenarios } from './prompt.ts';
import type { Presser } from './scenarios/paged.ts';
import type { StageOptions } from './stage.ts';

export interface DemoOptions {
  readonly scenario?: Scenario;
  readonly rough?: true;
  readonly replicaSet?: true;
  readonly exit?: true;
  readonly daemon: StageOptions['daemon'];
  readonly byHand?: true;
  readonly withoutSlack?: true;
  readonly documents?: number;
  readonly pressedBy: Presser;
}

/** What was asked for; ends the process with 1 and the reason where that is impossible. */
export function readOptions({ isTerminal }: { readonly isTerminal: boolean }): DemoOptions {
  const command = new Command('demo')
    .description('A café after its migration, and rollbackd beside it')
    .addOption(new Option('--scenario <name>', 'what goes wrong; asked for where absent').choices(scenarios))
    .option('--rough', 'the traits of a real installation instead of a tidy one')
    .option('--replica-set', 'a replica set of one instead of a standalone mongod')
    .option('--documents <number>', 'how many documents the café has', aNumber)
    .option('--exit', 'end when the scenario is over, with 0 only if the oracle agrees')
    .addOption(new Option('--daemon <state>').choices(['armed', 'observe', 'off']).default('armed'))
    .addOption(
      new Option('--pressed-by <person>', 'with slow and errors: who presses Approve in Slack')
        .choices(['engineering-manager', 'nobody'])
        .default('engineering-manager'),
    )
    .option('--without-slack', 'people are asked on the command line, as where the stand-in for Slack does not run')
    .option('--by-hand', 'with none: a person rolls back although nothing is wrong')
    .parse();
  const options = command.opts<DemoOptions>();
  if (options.scenario === undefined && !isTerminal) {
    command.error(
      `error: there is no terminal to ask what goes wrong: say it with --scenario leak, or ${scenarios.slice(1).join(', ')}`,
    );
  }
  return options;
}

function aNumber(text: string): number {
  if (/^[1-9]\d{0,6}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be a whole number from 1 on.');
}
