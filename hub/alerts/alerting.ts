import type { AlertSettings } from '../contract/alerting.ts';
import type { DutyBoard } from '../roster/duty-board.ts';
import { type AlertRules, alertRulesOf, defaultAlertRules } from './alert-rules.ts';
import type { AlertContext } from './judgement.ts';
import type { SnoozeDesk } from './snooze-desk.ts';

/** What holds at the site now, in memory: the rules as they are set, who is on duty, and what is quiet. */
export class Alerting {
  readonly #board: DutyBoard;
  readonly #snoozes: Pick<SnoozeDesk, 'current'>;
  #rules: AlertRules = defaultAlertRules;

  constructor(board: DutyBoard, snoozes: Pick<SnoozeDesk, 'current'>) {
    this.#board = board;
    this.#snoozes = snoozes;
  }

  /** Takes settings at the start and whenever they change. */
  take(settings: AlertSettings): void {
    this.#rules = alertRulesOf(settings);
    this.#board.take({ neighbours: new Map(settings.neighbours.map(({ gate, next }) => [gate, next])) });
  }

  /** As it is at the moment of asking. */
  context(): AlertContext {
    return {
      rules: this.#rules,
      staff: this.#board,
      quiet: {
        snoozes: this.#snoozes.current(),
        quietHours: this.#rules.quietHours,
        wallClock: this.#board.wallClock(),
      },
    };
  }
}
