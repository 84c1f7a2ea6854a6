import { Option } from 'commander';
import { version } from '../model/version.ts';

/** For whoever finished a failed rollback by hand. */
export const servingOption = (): Option =>
  new Option('--serving <version>', 'which version serves now, after a rollback that failed half-way').choices(
    version.options,
  );
