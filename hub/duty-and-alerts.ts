import { AlertDesk } from './alerts/alert-desk.ts';
import { Alerting } from './alerts/alerting.ts';
import { SnoozeDesk } from './alerts/snooze-desk.ts';
import type { Clock } from './clock.ts';
import type { Person } from './contract/api.ts';
import type { Announcer } from './event-log.ts';
import { DutyBoard } from './roster/duty-board.ts';
import { DutyDesk } from './roster/duty-desk.ts';
import { GapDesk } from './roster/gap-desk.ts';
import { HandOverDesk } from './roster/hand-over-desk.ts';
import { RosterDesk } from './roster/roster-desk.ts';
import { SettingsDesk } from './settings/settings-desk.ts';
import type { Store } from './store/open-store.ts';

/** What duty and alerts are made from. */
export interface DutyAndAlertsParts {
  site: string;
  store: Store;
  people: () => Promise<Person[]>;
  announcer: Announcer;
  clock: Clock;
}

/** The desks that decide who is told of what; they share the board of who is on duty. */
export interface DutyAndAlerts {
  settings: SettingsDesk;
  board: DutyBoard;
  duties: DutyDesk;
  roster: RosterDesk;
  gaps: GapDesk;
  handOvers: HandOverDesk;
  snoozes: SnoozeDesk;
  alerting: Alerting;
  alerts: AlertDesk;
  /** Takes a changed setting into use. */
  applySetting(name: 'alerting' | 'roster'): Promise<void>;
}

/** Joins the desks and reads what they keep in memory. */
export async function openDutyAndAlerts(parts: DutyAndAlertsParts): Promise<DutyAndAlerts> {
  const { site, store, people, announcer, clock } = parts;
  const settings = new SettingsDesk(site, store.settings, clock);
  const board = new DutyBoard(clock);
  const duties = new DutyDesk(store.duty, announcer, board, clock);
  const rosterSettings = async () => (await settings.read('roster')).value;
  const roster = new RosterDesk({
    site,
    store: store.roster,
    people,
    settings: rosterSettings,
    board,
    clock,
  });
  const snoozes = new SnoozeDesk(site, store.snoozes, clock);
  const alerting = new Alerting(board, snoozes);
  const takeAlerting = async () => alerting.take((await settings.read('alerting')).value);

  await duties.load();
  await roster.refresh();
  await snoozes.load();
  await takeAlerting();
  return {
    settings,
    board,
    duties,
    roster,
    gaps: new GapDesk({ site, store: store.gaps, board, announcer, clock }),
    handOvers: new HandOverDesk(store.handOvers, clock),
    snoozes,
    alerting,
    alerts: new AlertDesk(store.alerts, announcer, () => alerting.context(), clock),
    applySetting: (name) => (name === 'alerting' ? takeAlerting() : roster.refresh()),
  };
}
