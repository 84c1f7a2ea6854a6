import { expect, it } from 'vitest';
import type { CommandContext } from '../../src/commands/context.ts';
import { statusView } from '../../src/commands/status/view.ts';
import type { Observation } from '../../src/model/observation.ts';
import type { Verdict } from '../../src/model/verdict.ts';
import { asking, rollbackFailed, stage, start } from '../commands/fixture.ts';
import { openDoor } from '../doors/socket/open-door.ts';
import { rollbackd } from './command-line.ts';

const breach: Verdict = {
  criterion: 'unavailable',
  tier: 'critical',
  verdict: 'breach',
  value: 960_000,
  threshold: 900_000,
  unit: 'ms',
  samples: 96,
  windowMs: 3_600_000,
  tenants: [],
  reason: 'down on both ways',
};

async function statusOf(context: CommandContext, ...options: string[]) {
  await using open = await openDoor(context);
  return await rollbackd(['status', ...options, '--socket', open.path]);
}

const seen = (context: CommandContext): CommandContext => ({
  ...context,
  latest: () => ({
    verdicts: [breach],
    decision: {
      at: start,
      action: 'page',
      tenants: [],
      verdicts: [breach],
      guards: [],
      reasonsFor: ['unavailable is breach'],
      reasonsAgainst: ['mode: mode is approve'],
    },
    observations: [{ probe: 'mongo', status: 'unobserved', at: start - 4_000, tookMs: 9, reason: 'no route' }],
  }),
});

it('shows the numbers, the reasons and what the incident waits for', async () => {
  const { code, out, err } = await statusOf(seen(stage({ past: asking('severe') }).context));
  expect([code, err]).toEqual([0, '']);
  expect(out).toMatchInlineSnapshot(`
    "cafe: mode approve (rollbackd 0.0.0)
    probes
      mongo          4s ago  BLIND: no route
    verdicts
      unavailable        breach       16m (threshold 15m; 96 samples in 1h): down on both ways
    decision: page
      for      unavailable is breach
      against  mode: mode is approve
    incident inc-1: cross-tenant-leak (severe), awaiting-approval, opened 0ms ago
      tenants    a
      question   revision 1, plan plan-1
      for        revision 1
      plan       see \`rollbackd rollback --dry-run\`
      to answer  rollbackd approve inc-1 --revision 1, or rollbackd reject inc-1 --revision 1 --reason TEXT
      waits for  a yes or no of engineering-manager, or technical-lead: ask eva (engineering-manager), or tom (technical-lead)
    "
  `);
});

it('shows a failed run step by step', async () => {
  const { out } = await statusOf(stage({ past: rollbackFailed() }).context);
  expect(out).toMatchInlineSnapshot(`
    "cafe: mode approve (rollbackd 0.0.0)
    rollback run-9: failed, 1 of 2 steps, 0ms, by bo (on-call-lead): now
      because switch-code: locked
      done        1.2s  Stop the application
      FAILED       7ms  Switch the code: locked
    no incident
    "
  `);
});

it('prints the documented shape for machines', async () => {
  const { code, out } = await statusOf(seen(stage({ past: rollbackFailed() }).context), '--json');
  expect(code).toBe(0);
  expect(statusView.parse(JSON.parse(out))).toMatchObject({ target: 'cafe', run: { run: 'run-9' } });
});

it('shouts that a daemon whose journal cannot be written does not act', async () => {
  const { context } = stage();
  const full = { ...context, memory: { ...context.memory, state: context.memory.state, writable: false } };
  const { out } = await statusOf(full);
  expect(out).toContain('THE JOURNAL CANNOT BE WRITTEN');
});

it('tells a probe of many questions in one line, and what it could not see below it', async () => {
  const blind = (tenant: string): Observation => ({
    probe: 'isolation',
    status: 'unobserved',
    at: start - 1_000,
    tookMs: 9,
    reason: `${tenant}: timeout`,
  });
  const well: Observation = {
    probe: 'isolation',
    status: 'observed',
    at: start - 2_000,
    tookMs: 9,
    values: { tenant: 'a', route: 'menu', ask: 'own-list', trusted: true, checked: 3, foreign: [] },
  };
  const { context } = stage();
  const observations = [well, well, blind('b'), blind('c'), blind('d')];
  const { out } = await statusOf({ ...context, latest: () => ({ verdicts: [], decision: undefined, observations }) });
  expect(out).toContain('isolation      1s ago  2 of 5 questions answered');
  expect(out).toContain('BLIND: b: timeout');
  expect(out).toContain('and 1 more blind');
  expect(out).not.toContain('d: timeout');
});

it('shows no figures of zero for what is well: they would read like blindness', async () => {
  const { reason: _, ...measured } = breach;
  const clear: Verdict = { ...measured, verdict: 'clear', value: 0, samples: 0, reason: '17 questions showed nothing' };
  const { context } = stage();
  const { out } = await statusOf({
    ...context,
    latest: () => ({ verdicts: [clear], decision: undefined, observations: [] }),
  });
  expect(out).toMatch(/unavailable +clear +17 questions showed nothing/);
});
