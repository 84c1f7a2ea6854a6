import { never } from '../core/errors.ts';
import type { Observation } from '../model/observation.ts';
import type { RequestSlot } from '../model/request-slot.ts';

/** Whether it holds nothing that failed and no number that only a rule can judge: while all is well it can wait a little. */
export function isPlain(observation: Observation): boolean {
  if (observation.status === 'unobserved') return false;
  switch (observation.probe) {
    case 'control':
    case 'tenants':
      return true;
    case 'health': {
      const { application, balancer } = observation.values;
      return application.outcome === 'up' && balancer.outcome === 'up' && application.database !== 'disconnected';
    }
    case 'isolation':
      return observation.values.checked > 0 && observation.values.foreign.length === 0;
    case 'mongo': {
      const { unified, legacy, legacyWritable } = observation.values;
      return unified === 'reachable' && legacy === 'reachable' && legacyWritable;
    }
    case 'requests':
    case 'synthetic':
      return observation.values.slots.every(hasNoErrors);
    case 'prometheus':
      return false;
    case 'journeys':
      return observation.values.outcome === 'passed';
    default:
      return never(observation);
  }
}

const hasNoErrors = ({ errors }: RequestSlot): boolean => errors === 0;
