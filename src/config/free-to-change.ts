/**
 * What a person may change between a failure and the resume of a run: it leads no write elsewhere and loosens nothing that
 * guards one. Either the run never reads it, or it is a time-out, a limit or a pattern by which its result is judged.
 */
const freeToChange = [
  'mode',
  'containment',
  'baseline',
  'rules',
  'guard',
  'watch',
  'notify',
  'people',
  'doors',
  'log',
  'state.recorderLimit',
  'mongo.toolTimeout',
  'mongo.operationTimeout',
  'process.timeout',
  'traffic.timeout',
  'traffic.accessLog',
  'code.timeout',
  'dependencies.timeout',
  'probes.timeout',
  'probes.givenUpAfter',
  'probes.requestsEvery',
  'probes.syntheticEvery',
  'probes.prometheus',
  'logs.eventStart',
  'logs.errorPattern',
  'logs.startupLines',
  'logs.toleratedErrors',
  'rollback.keepFree',
  'rollback.livenessTimeout',
  'rollback.settle',
  'rollback.responseTimeLimit',
] as const;

export const isFreeToChange = (path: string): boolean =>
  freeToChange.some((free) => path === free || path.startsWith(`${free}.`));
