import type { Duty } from '../contract/api.ts';

/** The roster after someone clocks in: a person is at one gate at a time, so clocking in elsewhere moves them. */
export function clockedIn(duties: Duty[], starting: Duty): Duty[] {
  const same = duties.find(({ person, gate }) => person === starting.person && gate === starting.gate);
  if (same) return duties;
  return [...duties.filter(({ person }) => person !== starting.person), starting];
}

/** The roster after someone clocks out. */
export function clockedOut(duties: Duty[], person: string): Duty[] {
  return duties.filter((duty) => duty.person !== person);
}
