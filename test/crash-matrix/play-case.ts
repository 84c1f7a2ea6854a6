import { startSandbox } from '../../sandbox/sandbox.ts';
import { endDaemon, journalled } from '../slow/ended-daemon.ts';
import { type GuardedCafe, guard } from '../slow/guarded-cafe.ts';
import type { CrashCase, FaultKind, Ground, Struck } from './case.ts';
import { type Ending, judge } from './judge.ts';
import { kinds } from './kinds.ts';
import { type Rest, untilAtRest } from './rest.ts';
import type { Result } from './results.ts';
import { programOf, type Score } from './score.ts';
import { type Beginning, countStock, takeBeginning } from './stock.ts';
import { judgePutBack, judgeTruth, textsOf } from './stopped.ts';
import { type Way, wayOn } from './way-on.ts';

/** Enough that one legacy database is absent and one differs. */
const size = { tenants: 5, documents: 1_500 };
const mostWays = 3;

export interface Played {
  readonly result: Omit<Result, 'commit' | 'seconds'>;
  /** What the run did, step by step. */
  readonly score: Score;
}

/** `onFault` may keep what lies in the sandbox before it is taken down. */
export async function playCase(
  one: CrashCase,
  pauseMs: number,
  onFault: (root: string) => Promise<void>,
): Promise<Played> {
  const { id, kind, temperament } = one;
  await using sandbox = await startSandbox({ temperament, mongo: 'standalone', ...size });
  await using cafe = await guard(sandbox, { name: 'matrix' });
  const fault = kinds.find(({ name }) => name === kind);
  if (!fault) throw new Error(`there is no kind of fault that is called ${kind}`);
  const play = new Play({ sandbox, cafe, pauseMs }, await takeBeginning(sandbox));
  await play
    .through(one, fault)
    .catch((error: unknown) => play.found(error instanceof Error ? error.message : String(error)));
  const ending = play.ending();
  const { outcome, faults } = judge({ ...ending, needsNobody: one.needsNobody === true });
  if (outcome === 'FAULT') await onFault(sandbox.root);
  const { hit, notes, documents } = play;
  const { lost, doubled } = ending;
  return {
    result: { id, kind, temperament, outcome, hit, faults: [...faults], notes, documents, lost, doubled },
    score: play.score,
  };
}

/** One rollback, from the order to the end that the oracle judges. */
class Play {
  readonly #ground: Ground;
  readonly #beginning: Beginning;
  readonly #findings: string[] = [];
  readonly #ways: Way[] = [];
  #run = 'never begun';
  #lost = 0;
  #doubled = 0;
  readonly notes: string[] = [];
  hit = false;
  documents = 0;
  /** Of the run that was played; empty until it has ended. */
  score: Score = [];

  constructor(ground: Ground, beginning: Beginning) {
    this.#ground = ground;
    this.#beginning = beginning;
  }

  found(...findings: readonly string[]): void {
    this.#findings.push(...findings);
  }

  ending(): Omit<Ending, 'needsNobody'> {
    return {
      run: this.#run,
      ways: this.#ways,
      findings: this.#findings,
      lost: this.#lost,
      doubled: this.#doubled,
    };
  }

  async through(one: CrashCase, fault: FaultKind): Promise<void> {
    const { cafe, sandbox } = this.#ground;
    const order = cafe.rollbackd('rollback', '--reason', one.id);
    const struck = await this.#strike(one, fault, order);
    this.hit = struck.hit;
    let rest = await this.#rest(0);
    let { mend } = struck;
    while (rest.run.status !== 'succeeded') {
      const way = await this.#stop(rest);
      await mend?.();
      mend = undefined;
      if (way === undefined) return;
      rest = await this.#take(way);
    }
    await mend?.();
    this.found(...(await sandbox.oracle.judgeRolledBack()).findings);
    await this.#count(true);
    await endDaemon(cafe);
    this.#readJournal(cafe);
  }

  async #strike(one: CrashCase, fault: FaultKind, order: Promise<{ code: number; output: string }>): Promise<Struck> {
    return fault.strike(this.#ground, one).catch(async (error: unknown) => {
      const answer = await Promise.race([order, Promise.resolve(undefined)]);
      const said = answer && answer.code !== 0 ? `; the order was answered: ${answer.output}` : '';
      throw new Error(`${error instanceof Error ? error.message : error}${said}`);
    });
  }

  async #rest(toldBefore: number): Promise<Rest> {
    const rest = await untilAtRest(this.#ground.cafe, toldBefore);
    this.#run = rest.run.status;
    if (rest.restarts > 0) this.notes.push(`the daemon ended by itself ${rest.restarts} times and was started again`);
    return rest;
  }

  /** Nothing moves, and the rollback is not done: what people are told must be true, and what there was must be there. */
  async #stop({ run, told }: Rest): Promise<Way | undefined> {
    const { sandbox } = this.#ground;
    const texts = textsOf(run, told);
    this.notes.push(`${run.status}: ${run.reason ?? texts.join(' | ')}`);
    this.found(...(await judgeTruth(sandbox, texts)));
    if (texts.some((text) => text.includes('was put back as it was before')))
      this.found(...(await judgePutBack(sandbox, run)));
    await this.#count(false);
    const way = wayOn(texts);
    if (way !== undefined && this.#ways.length < mostWays) return way;
    this.found(
      way === undefined ? `no text names a way on: ${texts.join(' | ')}` : `${way} was of no use ${mostWays} times`,
    );
    return undefined;
  }

  async #take(way: Way): Promise<Rest> {
    const { cafe } = this.#ground;
    this.#ways.push(way);
    const told = cafe.told.length;
    const args = way === 'resume' ? ['resume'] : ['rollback', '--reason', 'as the text says'];
    const { code, output } = await cafe.rollbackd(...args);
    if (code !== 0) throw new Error(`rollbackd ${way}, as the text says, was refused: ${output}`);
    return this.#rest(told);
  }

  async #count(isRestored: boolean): Promise<void> {
    const { documents, lost, doubled } = await countStock(this.#ground.sandbox, this.#beginning, isRestored);
    this.documents = documents;
    this.#lost = Math.max(this.#lost, lost);
    this.#doubled = Math.max(this.#doubled, doubled);
  }

  /** By a daemon that has ended. */
  #readJournal({ journal }: GuardedCafe): void {
    const runs = journalled(journal, 'run.started');
    const orders = 1 + this.#ways.filter((way) => way === 'rollback').length;
    if (runs.length !== orders) this.found(`${orders} runs were ordered, and ${runs.length} begun`);
    const children = journalled(journal, 'child.planned');
    this.score = (runs[0]?.plan.steps ?? []).map(({ id, action, phase }) => {
      const own = children.filter(({ step }) => step === id);
      const started = own.flatMap((child) => programOf([child.program, ...child.arguments]) ?? []);
      return { id, action, phase, programs: [...new Set(started)] };
    });
  }
}
