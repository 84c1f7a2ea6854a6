import { randomBytes } from 'node:crypto';
import axios from 'axios';
import type { Received } from '../../sandbox/demo/webhook.ts';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import type { RunView } from '../../src/doors/socket/client.ts';
import { poll } from '../slow/poll.ts';

const trueWithin = 15_000;

/** Every text about a stop that people have, the failed step's own words first. */
export function textsOf(run: RunView, told: readonly Received[]): string[] {
  const failed = run.steps.filter(({ status }) => status === 'failed').map(({ failure }) => failure?.remedy ?? '');
  const alarms = told.filter(({ urgency }) => urgency === 'alarmed').map(({ text }) => text);
  return [...failed, run.reason ?? '', ...alarms].filter((text) => text !== '');
}

/** What is wrong about what people were told that users get. */
export async function judgeTruth(sandbox: Sandbox, texts: readonly string[]): Promise<string[]> {
  const said = texts.map((text) => /users get (.+?) now/.exec(text)?.[1]).find((word) => word !== undefined);
  if (said === undefined) return [];
  let seen = '';
  const isTrue = async () => {
    seen = await usersGet(sandbox);
    return sameSort(said, seen) || undefined;
  };
  return poll('it is as told', isTrue, trueWithin).then(
    () => [],
    () => [`people were told that users get ${said}, and they get ${seen}`],
  );
}

const sameSort = (said: string, seen: string): boolean =>
  said === seen || (said.startsWith('nothing') && seen.startsWith('nothing'));

async function usersGet({ publicUrl }: Sandbox): Promise<string> {
  const mark = randomBytes(8).toString('hex');
  const headers = { 'x-rollbackd-ask': mark };
  try {
    const answer = await axios.get(`${publicUrl}/health`, { headers, validateStatus: null, timeout: 10_000 });
    const isMaintenance = answer.headers['x-rollbackd-maintenance'] === `shown ${mark}`;
    return isMaintenance ? 'the maintenance answer' : `status ${answer.status}`;
  } catch {
    return 'nothing';
  }
}

/** What the run had to do with a database by then is no finding: it was brought in, replaced, or got its indexes. */
export async function judgePutBack(sandbox: Sandbox, { steps }: RunView): Promise<string[]> {
  const begun = steps.filter(({ status }) => status !== 'waiting').map(({ id }) => id);
  const databases = begun.filter((id) => /^(bring-in|restore|verify)-database:/.test(id)).map((id) => id.split(':')[1]);
  const { findings } = await sandbox.oracle.judgeUntouched();
  return findings.filter((finding) => !databases.some((name) => finding.startsWith(`${name}.`)));
}
