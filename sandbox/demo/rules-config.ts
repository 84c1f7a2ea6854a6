import { parse } from 'yaml';
import { compressed, type Pace, paceOf } from './pace.ts';

/** `rules` of the configuration. */
export function rulesOf(pace: Pace) {
  const at = (setting: string) => paceOf(`rules.${setting}`, pace);
  const howLong = (name: string) => ({
    for: at(`${name}.for`),
    within: at(`${name}.within`),
    clearFor: at(`${name}.clearFor`),
  });
  return {
    flapping: { within: at('flapping.within') },
    unavailable: {
      ...howLong('unavailable'),
      warnAfter: at('unavailable.warnAfter'),
      errorsAfter: at('unavailable.errorsAfter'),
    },
    requests: { slot: at('requests.slot'), windows: windowsOf(pace) },
    'latency-severe': { asksAfter: at('latency-severe.asksAfter') },
    'latency-moderate': { asksAfter: at('latency-moderate.asksAfter') },
    'database-connection': howLong('database-connection'),
    'feature-breakage': parse(at('feature-breakage')),
  };
}

/** Each is written as it stands in a configuration. */
const windowsOf = (pace: Pace): readonly unknown[] =>
  compressed
    .filter(({ setting }) => setting.startsWith('rules.requests.windows'))
    .map(({ setting }) => parse(paceOf(setting, pace)));
