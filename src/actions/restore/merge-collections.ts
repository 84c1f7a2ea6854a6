import { expiredSince } from '../../backup/expiry.ts';
import { pathExists } from '../../core/path-exists.ts';
import type { Action, Assessment } from '../contract.ts';
import { type InUnified, namesReplaced, replacedInWords, untouchedInWords } from '../in-unified.ts';
import { restoreFromBackup, restoreTime, stateEqualToBackup } from './legacy-database.ts';
import { earlierSnapshots, legacySnapshot } from './legacy-snapshot.ts';
import { unifiedSnapshot } from './unified-snapshot.ts';

/** Where the legacy main database is the unified one: the only write into the unified database that there is. */
export const mergeCollections: Action = {
  describe: ({ tools }, assessment, database) => {
    const inUnified = inUnifiedOf(assessment, database);
    const collections = inUnified.replaced.map(({ collection }) => collection);
    return {
      title: `Replace IN THE UNIFIED DATABASE ${database} the collections ${namesReplaced(inUnified)} by the legacy ones of the backup`,
      commands: tools.describeRestore(assessment.manifest.root, database, {
        gzip: assessment.manifest.gzip,
        collections,
      }),
      evidence:
        'before: each is in the final snapshot of the unified database, with the same documents, options and indexes; ' +
        'after: counts, options, indexes and digests equal to the backup',
      effect:
        `drops and restores ${replacedInWords(inUnified)}; untouched: ${untouchedInWords(inUnified)}. ` +
        'From here on the unified version comes back only by hand, from its snapshot',
      expectedMs: restoreTime(assessment, database),
    };
  },
  perform: restoreFromBackup,
  async prove(context) {
    const { documents, inUnified, expired } = await stateEqualToBackup(context);
    const { folder } = legacySnapshot(context);
    const isKeptOnceMore = await pathExists(`${folder}/${context.subject}`);
    const earlier = await earlierSnapshots(context);
    return {
      documents,
      digests: 'equal',
      ...expiredSince('backup', expired),
      replaced: inUnified ? replacedNow(inUnified) : 'nothing',
      untouched: inUnified ? untouchedInWords(inUnified) : 'nothing else',
      wayBack: unifiedSnapshot(context).folder,
      ...(isKeptOnceMore && { keptOnceMore: [folder, ...earlier].join(', ') }),
    };
  },
};

const replacedNow = ({ replaced }: InUnified): string =>
  replaced.map(({ collection, then }) => `${collection} (${then})`).join(', ');

/** A plan that was made without it has no such step. */
function inUnifiedOf({ legacyStates }: Assessment, database: string): InUnified {
  const found = legacyStates.find((each) => each.database === database)?.inUnified;
  return found ?? { replaced: [], untouched: [] };
}
