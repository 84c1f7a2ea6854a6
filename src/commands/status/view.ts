import { z } from 'zod';
import { approval, approvalSubject, quorum } from '../../model/approval.ts';
import { decision } from '../../model/decision.ts';
import { authority, evidence } from '../../model/event.ts';
import { mode } from '../../model/mode.ts';
import { probeName } from '../../model/observation.ts';
import { role } from '../../model/person.ts';
import { phase, plan } from '../../model/plan.ts';
import { planOutline } from '../../model/plan-outline.ts';
import { tier } from '../../model/tier.ts';
import { urgency } from '../../model/urgency.ts';
import { criterionName, verdict } from '../../model/verdict.ts';

const at = z.number().int();

/** How a probe looked last; `summary` says in words what it saw, or why it saw nothing. */
const probeView = z.object({
  probe: probeName,
  status: z.enum(['observed', 'unobserved']),
  at,
  ageMs: z.number(),
  tookMs: z.number(),
  summary: z.string(),
});

const requestView = z.object({
  ...approvalSubject.shape,
  quorum,
  requestedAt: at,
  deadline: at.optional(),
  /** What the decision was that people were asked about. */
  reasonsFor: z.array(z.string()).default([]),
  reasonsAgainst: z.array(z.string()).default([]),
  /** Of the plan with that hash. */
  plan: planOutline.optional(),
  approvals: z.array(approval),
  /** Groups of roles whose yes is still missing. */
  outstanding: z.array(z.array(role)),
});
export type RequestView = z.infer<typeof requestView>;

const incidentView = z.object({
  id: z.string(),
  criterion: criterionName,
  tier,
  status: z.enum([
    'open',
    'awaiting-approval',
    'approved',
    'rejected',
    'rolling-back',
    'rollback-failed',
    'rolled-back',
    'watching',
    'closed',
  ]),
  tenants: z.array(z.string()),
  openedAt: at,
  revision: z.number().int().optional(),
  containment: z.object({ state: z.enum(['none', 'begun', 'proven', 'failed', 'released']), at: at.optional() }),
  /** In words: whom or what it waits for, and what that person can do. */
  waitsFor: z.string(),
  request: requestView.optional(),
  /** Reminders rest until then. */
  snoozed: z.object({ person: z.string(), until: at }).optional(),
  timeline: z.array(z.object({ at, text: z.string() })),
});
export type IncidentView = z.infer<typeof incidentView>;

const stepView = z.object({
  id: z.string(),
  phase,
  title: z.string(),
  status: z.enum(['waiting', 'started', 'interrupted', 'succeeded', 'failed']),
  /** 0 where it was never tried. */
  attempt: z.number().int(),
  expectedMs: z.number(),
  startedAt: at.optional(),
  tookMs: z.number().optional(),
  evidence: evidence.optional(),
  failure: z.object({ reason: z.string(), message: z.string(), remedy: z.string().optional() }).optional(),
});
export type StepView = z.infer<typeof stepView>;

const runView = z.object({
  run: z.string(),
  kind: plan.shape.kind,
  incident: z.string().optional(),
  status: z.enum(['running', 'interrupted', 'succeeded', 'failed']),
  authority,
  planHash: z.string(),
  startedAt: at,
  endedAt: at.optional(),
  reason: z.string().optional(),
  acknowledgedBy: z.string().optional(),
  steps: z.array(stepView),
});
export type RunView = z.infer<typeof runView>;

/**
 * What `rollbackd status --json` prints. Times are epoch milliseconds. Members are added, never renamed or removed:
 * readers must tolerate ones that they do not know.
 */
export const statusView = z.object({
  at,
  version: z.string(),
  target: z.string(),
  configHash: z.string(),
  mode,
  /** What `disarm` would go back to. */
  configuredMode: mode,
  armed: z.object({ person: z.string(), role, at, until: at, guardsOff: z.array(z.string()) }).optional(),
  paused: z.object({ person: z.string(), reason: z.string(), until: at }).optional(),
  journal: z.object({ writable: z.boolean(), events: z.number().int(), why: z.string().optional() }),
  /** What a run would fail over, each with its mend. */
  obstacles: z.array(z.object({ what: z.string(), mend: z.string() })).default([]),
  verdicts: z.array(verdict),
  decision: decision.optional(),
  probes: z.array(probeView),
  /** The open incident, else the last one that was closed. */
  incident: incidentView.optional(),
  /** The run under way, else the last one. */
  run: runView.optional(),
  watch: z.object({ run: z.string(), startedAt: at, until: at, findings: z.array(z.string()) }).optional(),
  /** Channels that take no messages at present, and why. */
  failingChannels: z.array(
    z.object({ channel: z.string(), since: at, failures: z.number().int(), reason: z.string() }),
  ),
  /** Whether clicks in Slack can arrive; absent where nobody can answer there. */
  slackConnected: z.boolean().optional(),
  /** Messages that no channel has taken yet. */
  undelivered: z.array(
    z.object({
      message: z.string(),
      subject: z.string(),
      urgency,
      queuedAt: at,
      faults: z.array(z.string()),
    }),
  ),
});
export type StatusView = z.infer<typeof statusView>;
