import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { actions } from '../src/actions/catalogue.ts';
import type { StepContext } from '../src/actions/contract.ts';
import { gitAdapter } from '../src/adapters/code/git.ts';
import { systemClock } from '../src/core/clock.ts';
import { journalLedger } from '../src/engine/ledger.ts';
import { createReadOnlyCommand, createRunCommand } from '../src/exec/run-command.ts';
import { openJournal } from '../src/journal/sqlite.ts';
import type { ActionName } from '../src/model/plan.ts';
import { openTarget } from '../test/actions/target.ts';
import { copyRepository, gitIn, keptFile, leaveDirty, legacyTag, makeLargeRepository } from './large-repository.ts';

// How long the application is down for the switch of a large checkout, beside the same change by hand.
const repetitions = 5;

const say = (line: string) => process.stdout.write(`${line}\n`);

async function timed(work: () => unknown): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

/** As a run takes a step: proven already? Else done, and proven. */
async function take(action: ActionName, context: StepContext): Promise<void> {
  const { prove, perform } = actions[action];
  if (perform === undefined) return void (await prove(context));
  const already = await prove({ ...context, patient: false }).catch(() => undefined);
  if (already !== undefined) throw new Error(`${action} was done before it was measured`);
  await perform(context);
  await prove(context);
}

const root = mkdtempSync(join(tmpdir(), 'rollbackd-bench-switch-'));
try {
  const [byHand, checkout] = [join(root, 'by-hand'), join(root, 'checkout')];
  say(`${makeLargeRepository(checkout)} tracked files, ${repetitions} times`);
  copyRepository(checkout, byHand);
  using target = openTarget();
  using journal = openJournal({ file: join(root, 'journal.db'), clock: systemClock });
  const code = { ...target.settings.code, repository: checkout, releases: join(root, 'releases'), keep: [keptFile] };
  const legacyCommit = gitIn(checkout, 'rev-parse', legacyTag);
  const timeOf = (run: string, name: ActionName) => {
    const command = createRunCommand({ ledger: journalLedger(journal), run, step: name });
    const adapter = gitAdapter({ config: code, run: command, readOnly: createReadOnlyCommand() });
    const world = { ...target.world, settings: { ...target.settings, code }, code: adapter };
    return timed(() => take(name, target.context({ run, world, legacyCommit })));
  };
  const times: { byHand: number; saved: number; switched: number }[] = [];
  for (let time = 1; time <= repetitions; time += 1) {
    leaveDirty(byHand);
    leaveDirty(checkout);
    times.push({
      saved: await timeOf(`run-${time}`, 'save-changes'),
      byHand: await timed(() => gitIn(byHand, 'checkout', '--quiet', '--force', legacyTag)),
      switched: await timeOf(`run-${time}`, 'switch-code'),
    });
  }
  const inWords = (values: readonly number[], digits: number, unit: string) => {
    const sorted = values.toSorted((a, b) => a - b);
    const [least = Number.NaN, middle = Number.NaN] = [sorted[0], sorted[Math.floor(sorted.length / 2)]];
    return `${least.toFixed(digits)}${unit} at best, median ${middle.toFixed(digits)}${unit}`;
  };
  const milliseconds = (name: keyof (typeof times)[number]) =>
    inWords(
      times.map((one) => one[name]),
      0,
      ' ms',
    );
  const ratios = times.map(({ byHand, switched }) => switched / byHand);
  say(`git checkout --force by hand: ${milliseconds('byHand')}`);
  say(`switch-code, the application being down: ${milliseconds('switched')}`);
  say(`switch-code by the checkout by hand right before it: ${inWords(ratios, 1, '')}`);
  say(`save-changes, while users are served: ${milliseconds('saved')}`);
} finally {
  rmSync(root, { recursive: true, force: true });
}
