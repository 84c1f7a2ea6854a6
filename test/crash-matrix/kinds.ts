import type { FaultKind } from './case.ts';
import { backupAway } from './kinds/backup-away.ts';
import { calm } from './kinds/calm.ts';
import { fullDisk } from './kinds/full-disk.ts';
import { killBoth } from './kinds/kill-both.ts';
import { killChild } from './kinds/kill-child.ts';
import { killDaemon } from './kinds/kill-daemon.ts';
import { killDaemonEachStep } from './kinds/kill-daemon-each-step.ts';
import { fullDiskOfMongod, killMongod, stopMongod } from './kinds/mongod.ts';
import { killNginx } from './kinds/nginx.ts';
import { killPm2 } from './kinds/pm2.ts';
import { stopDaemon } from './kinds/stop-daemon.ts';
import { tagMoved } from './kinds/tag-moved.ts';

export const kinds: readonly FaultKind[] = [
  calm,
  killDaemonEachStep,
  killDaemon,
  killChild,
  killMongod,
  killBoth,
  stopMongod,
  fullDiskOfMongod,
  killNginx,
  killPm2,
  stopDaemon,
  fullDisk,
  backupAway,
  tagMoved,
];
