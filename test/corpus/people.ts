import type { DaemonState } from '../../src/incident/daemon-state.ts';
import { lastRollbackOf, openIncidentOf } from '../../src/incident/read-state.ts';
import type { EventBody } from '../../src/model/event.ts';
import { cutoverOf, planOf } from './facts.ts';
import type { PersonDoes } from './story.ts';
import type { World } from './world.ts';

const person = 'Sari';

/** What a person's doing writes into the journal. */
export function doneBy(action: PersonDoes, state: DaemonState, world: World, now: number): EventBody[] {
  const incident = openIncidentOf(state);
  const last = lastRollbackOf(state);
  switch (action.does) {
    case 'approve':
    case 'reject': {
      if (incident?.status !== 'awaiting-approval') return [];
      const { revision, planHash, evidenceHash } = incident.request;
      const answer = action.does === 'approve' ? 'approved' : 'rejected';
      const subject = { incident: incident.id, revision, planHash, evidenceHash };
      return [{ kind: 'approval.answered', ...subject, answer, person: action.name, role: action.role, via: 'cli' }];
    }
    case 'pause':
      return [{ kind: 'acting.paused', person, reason: 'a deploy', until: now + action.forMinutes * 60_000 }];
    case 'unpause':
      return [{ kind: 'acting.unpaused', person }];
    case 'release':
      return incident ? [{ kind: 'containment.released', incident: incident.id, person, reason: 'fixed by hand' }] : [];
    case 'close': {
      const closed = { outcome: 'resolved-by-person', reason: 'it is known' } as const;
      return incident ? [{ kind: 'incident.closed', incident: incident.id, ...closed }] : [];
    }
    case 'acknowledge':
      return last ? [{ kind: 'run.acknowledged', run: last.run, person }] : [];
    case 'resume':
      return last ? [{ kind: 'run.resumed', run: last.run, person }] : [];
    case 'set mode':
      return [{ kind: 'mode.changed', mode: action.mode, person, reason: 'a wish' }];
    case 'arm':
      return [
        {
          kind: 'mode.armed',
          reason: 'the migration went well',
          person,
          role: 'on-call-lead',
          until: Date.parse('2026-01-20T00:00:00Z'),
          manifestHash: 'manifest-1',
          legacyCommit: 'abc',
          configHash: 'config-1',
          guardsOff: ['drill', 'readiness'],
          cutoverAt: cutoverOf(world),
        },
      ];
    case 'roll back by hand': {
      const authority = { by: 'person', person, role: 'on-call-lead', reason: 'I say so' } as const;
      const subject = incident ? { incident: incident.id } : {};
      return [
        { kind: 'run.started', run: `run-by-hand-${now}`, ...subject, plan: planOf('rollback', 'plan-1'), authority },
      ];
    }
  }
}
