import type { GuardName, GuardResult } from '../../model/guard.ts';

export const passed = (guard: GuardName, reason: string): GuardResult => ({ guard, outcome: 'passed', reason });
export const failed = (guard: GuardName, reason: string): GuardResult => ({ guard, outcome: 'failed', reason });
