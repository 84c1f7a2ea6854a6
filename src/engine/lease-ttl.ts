/** How long the lease on the target lasts unless it is renewed, in milliseconds. */
export const leaseTtl = 60_000;
