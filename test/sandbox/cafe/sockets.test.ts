import { expect, it } from 'vitest';
import { countPort } from '../../../sandbox/oracle/sockets.ts';

const table = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 11
   1: 0100007F:1F90 0100007F:C350 01 00000000:00000000 00:00000000 00000000     0        0 12
   2: 0100007F:C350 0100007F:1F90 01 00000000:00000000 00:00000000 00000000     0        0 13
   3: 0100007F:C351 0100007F:1F90 06 00000000:00000000 00:00000000 00000000     0        0 14
   4: 0100007F:1F91 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 15`;

it('counts listeners and both ends of open connections, but none that are closed or on other ports', () => {
  expect(countPort('1F90', table)).toEqual({ listeners: 1, established: 2 });
  expect(countPort('1F92', table)).toEqual({ listeners: 0, established: 0 });
});
