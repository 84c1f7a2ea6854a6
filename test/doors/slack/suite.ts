import { afterAll, afterEach, beforeAll } from 'vitest';
import type { Slack } from '../../../sandbox/servers/slack.ts';
import { createWorkspace, type Workspace } from '../../../sandbox/workspace/workspace.ts';
import { eventually } from '../../exec/eventually.ts';
import { testSlack } from '../../sandbox/slack/test-slack.ts';
import { type SlackStage, type StageOptions, slackStage } from './stage.ts';

export interface SlackSuite {
  /** The same one for all tests of the suite. */
  readonly slack: Slack;
  /** What is opened ends with its test. */
  open(options?: StageOptions): Promise<SlackStage>;
  /** The same, connected, and people are asked. */
  asking(options?: StageOptions): Promise<SlackStage>;
  connected(stage: SlackStage): Promise<unknown>;
}

export function slackSuite(title: string, tests: (suite: SlackSuite) => void): void {
  testSlack(title, (start) => {
    let workspace: Workspace;
    let slack: Slack;
    let stages: SlackStage[] = [];

    beforeAll(async () => {
      workspace = await createWorkspace();
      slack = await start({ workspace });
    }, 60_000);
    afterAll(() => workspace?.[Symbol.asyncDispose]());
    afterEach(async () => {
      for (const stage of stages) await stage[Symbol.asyncDispose]();
      stages = [];
    });

    const open = async (options: StageOptions = {}): Promise<SlackStage> => {
      const stage = await slackStage(slack, options);
      stages.push(stage);
      return stage;
    };
    const connected = (stage: SlackStage) => eventually('a connection', () => stage.connections.at(-1), 20_000);
    tests({
      get slack() {
        return slack;
      },
      open,
      connected,
      async asking(options) {
        const stage = await open(options);
        await connected(stage);
        await stage.judge();
        return stage;
      },
    });
  });
}
