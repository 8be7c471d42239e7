/** One refusal the hub can give: what happened, what to do about it, and the HTTP status that carries it. */
interface HubErrorEntry {
  /** HTTP status when the refusal leaves through the API; 500 for what never does. */
  status: number;
  message: string;
  remedy: string;
}

/**
 * The hub's error catalogue. Codes are never reused; a test holds this table and `hub/README.md` together.
 * Each entry: what happened, what the reader can do about it, and its HTTP status.
 */
export const hubErrors = {
  // What a box sent and the hub will never take: the code of a dead letter and of `refused` in a receipt.
  TOPIC_UNKNOWN: {
    status: 400,
    message: 'The topic is not one of the contract.',
    remedy: 'Bring hub and box to the same version.',
  },
  PAYLOAD_NOT_JSON: {
    status: 400,
    message: 'The message is not JSON.',
    remedy: 'Look at the dead letter; bring hub and box to the same version.',
  },
  PAYLOAD_TOO_LARGE: {
    status: 413,
    message: 'The message is larger than the hub accepts.',
    remedy: 'Make evidence smaller on the box, or raise the hub’s limit.',
  },
  PAYLOAD_INVALID: {
    status: 400,
    message: 'The message does not follow the contract.',
    remedy: 'Look at the reason in the dead letter; bring hub and box to the same version.',
  },
  SCHEMA_VERSION_UNKNOWN: {
    status: 400,
    message: 'The message has a schema version that this hub does not know.',
    remedy: 'Update the hub first, then the boxes.',
  },
  SENDER_MISMATCH: {
    status: 403,
    message: 'The message names another site or box than the one that sent it.',
    remedy: 'Correct site and box in the configuration of the box.',
  },
  REVISION_CONFLICT: {
    status: 409,
    message: 'A sighting changed its camera, box or kind between two revisions.',
    remedy: 'Two boxes may share a name: give every box its own.',
  },
  EVIDENCE_NOT_JPEG: {
    status: 400,
    message: 'The evidence is not a JPEG.',
    remedy: 'Bring the box to the same version as the hub.',
  },
  EVIDENCE_HASH_MISMATCH: {
    status: 400,
    message: 'The evidence is not the picture that the sighting names.',
    remedy: 'Look at the disk and the clock of the box; the picture stays there as refused.',
  },
  // What a client of the broker may not do.
  BOX_NOT_AUTHORIZED: {
    status: 403,
    message: 'The box is unknown, or its token is wrong.',
    remedy: 'Check site, box and token against the hub’s box list.',
  },
  TOPIC_NOT_AUTHORIZED: {
    status: 403,
    message: 'A box may use only its own topics and its site’s gallery.',
    remedy: 'Correct site and box in the configuration of the box.',
  },
  BROKER_PORT_TAKEN: {
    status: 500,
    message: 'The broker cannot listen on its port.',
    remedy: 'Stop the other broker, choose another port, or point the hub at that broker by URL.',
  },
  BROKER_UNREACHABLE: {
    status: 503,
    message: 'The broker cannot be reached.',
    remedy: 'Check its URL, log-in and network; it is tried again, and boxes keep what they see.',
  },
  // Storage.
  DATABASE_UNREADABLE: {
    status: 500,
    message: 'The database cannot be opened.',
    remedy: 'Check the path, the disk and the rights of the data folder.',
  },
  HUB_RUNNING: {
    status: 500,
    message: 'A hub is running on this data folder.',
    remedy: 'Stop it first.',
  },
  BACKUP_UNREADABLE: {
    status: 500,
    message: 'The file is no backup, was cut short, or was changed.',
    remedy: 'Copy it again from where it was kept, or take an earlier backup.',
  },
  BACKUP_PASSPHRASE_WRONG: {
    status: 500,
    message: 'The passphrase does not open this backup.',
    remedy: 'Use the passphrase with which the backup was made.',
  },
  BACKUP_NOT_VERIFIED: {
    status: 500,
    message: 'The backup was written, and does not restore to what it was made from.',
    remedy: 'Look at the disk it was written to, and make it again.',
  },
  BACKUP_NOT_WRITTEN: {
    status: 500,
    message: 'The backup cannot be written.',
    remedy: 'Check path, rights and room of the disk it goes to.',
  },
  DATA_FOLDER_TAKEN: {
    status: 500,
    message: 'There is data in this folder already.',
    remedy: 'Choose another folder, or add --replace: the old one is then kept beside it.',
  },
  DATA_FOLDER_EMPTY: {
    status: 500,
    message: 'There is no data of a hub in this folder.',
    remedy: 'Check --data.',
  },
  ROLLBACK_NOTHING: {
    status: 500,
    message: 'There is no copy from before an upgrade.',
    remedy: 'Restore a backup with the restore command instead.',
  },
  DATABASE_NEWER: {
    status: 500,
    message: 'The database was written by a newer hub.',
    remedy: 'Start that newer hub, or restore the backup made before the update.',
  },
  HUB_KEY_UNREADABLE: {
    status: 500,
    message: 'The key of the hub cannot be read.',
    remedy: 'Restore hub.key from a backup; without it nothing that was sealed opens again.',
  },
  SEAL_BROKEN: {
    status: 500,
    message: 'A sealed thing does not open: it was sealed with another key, or changed.',
    remedy: 'Restore hub.key that belongs to this data; if only one thing is affected, look at the disk.',
  },
  AUDIT_BROKEN: {
    status: 500,
    message: 'The audit trail was changed outside of the hub, or does not reach the place that was expected.',
    remedy: 'Keep a copy of the database as it is, and compare it with a backup from before.',
  },
  AUDIT_PLACE_RETIRED: {
    status: 409,
    message: 'The place that was noted is older than the entries that are kept.',
    remedy: 'Compare with a place that was noted later; older entries went when their time was over.',
  },
  EVIDENCE_BROKEN: {
    status: 500,
    message: 'The picture on the disk is not the one that was kept.',
    remedy: 'Look at the disk and at hub.key; a backup may still have the picture.',
  },
  STORAGE_FULL: {
    status: 507,
    message: 'The disk of the hub is full: nothing more is committed, boxes keep what they see.',
    remedy: 'Free space on the hub; what waits on the boxes then arrives by itself.',
  },
  // Alerts.
  ALERT_UNKNOWN: {
    status: 404,
    message: 'There is no such alert.',
    remedy: 'Load the list again.',
  },
  ALERT_ALREADY_ACKNOWLEDGED: {
    status: 409,
    message: 'Someone else has acknowledged this alert.',
    remedy: 'The details name the first guard; ask them, or resolve it when it is done.',
  },
  ALERT_NOT_ACKNOWLEDGED: {
    status: 409,
    message: 'An alert is acknowledged before it is resolved.',
    remedy: 'Acknowledge it first.',
  },
  ALERT_ALREADY_RESOLVED: {
    status: 409,
    message: 'This alert has been resolved.',
    remedy: 'The details say by whom and how; nothing is left to do.',
  },
  ALERT_OVER: {
    status: 409,
    message: 'This alert has expired or was withdrawn.',
    remedy: 'Nothing is left to do; the sighting stays in the log.',
  },
  // Trajectory, evidence, policy, duty.
  SIGHTING_UNKNOWN: {
    status: 404,
    message: 'There is no such sighting.',
    remedy: 'Search again; it may have passed its retention.',
  },
  CORRECTION_UNKNOWN: {
    status: 404,
    message: 'There is no such correction.',
    remedy: 'Load the sighting again.',
  },
  CORRECTION_NOT_FITTING: {
    status: 400,
    message: 'A person has no plate, and a vehicle no mask.',
    remedy: 'Correct what the sighting has.',
  },
  MERGE_OF_ONE: {
    status: 400,
    message: 'Both ids are the same.',
    remedy: 'Choose two people.',
  },
  SPLIT_OF_OTHERS: {
    status: 409,
    message: 'Some of these sightings are not of this person.',
    remedy: 'Load the person’s trajectory again; the details name them.',
  },
  SUBJECT_UNKNOWN: {
    status: 404,
    message: 'Nothing was seen of this subject.',
    remedy: 'Check the plate or id; it may have passed its retention.',
  },
  ERASURE_UNKNOWN: {
    status: 404,
    message: 'There is no such erasure.',
    remedy: 'Load the list of erasures again.',
  },
  RETENTION_INVALID: {
    status: 400,
    message: 'Something would be kept longer than the sightings it belongs to.',
    remedy: 'Lower the field named in the details, or keep sightings longer.',
  },
  RETENTION_CONFLICT: {
    status: 409,
    message: 'Someone else has changed how long things are kept meanwhile.',
    remedy: 'Load it again and repeat the change.',
  },
  HOLD_ABOUT_NOTHING: {
    status: 404,
    message: 'There is no such alert or sighting to hold.',
    remedy: 'Search again; it may have passed its retention.',
  },
  HOLD_ENDS_BEFORE: {
    status: 400,
    message: 'The hold would end before it begins.',
    remedy: 'Choose an end in the future, or none.',
  },
  HOLD_UNKNOWN: {
    status: 404,
    message: 'There is no such hold.',
    remedy: 'Load the list of holds again.',
  },
  HOLD_ENDED: {
    status: 409,
    message: 'This hold has ended already.',
    remedy: 'The details say when and by whom; place a new one if the incident is still there.',
  },
  TOMBSTONES_UNREADABLE: {
    status: 500,
    message: 'The list of those who were forgotten cannot be read, or was changed.',
    remedy:
      'Restore erasures.tombstones with the hub.key that belongs to it; without it a backup brings people back.',
  },
  EVIDENCE_UNKNOWN: {
    status: 404,
    message: 'There is no such picture.',
    remedy: 'It may still be on its way from the box, or has passed its retention.',
  },
  PLATE_PATTERN_INVALID: {
    status: 400,
    message: 'The plate pattern is not valid.',
    remedy:
      'Use up to 12 letters, digits and characters of a plate, ? for one unknown character, * for any number.',
  },
  WINDOW_INVALID: {
    status: 400,
    message: 'The window in time is empty or too long.',
    remedy: 'Let it end after it begins, and make it no longer than the days named in the details.',
  },
  CURSOR_INVALID: {
    status: 400,
    message: 'The cursor is not one that this hub gave out.',
    remedy: 'Start again without a cursor.',
  },
  POLICY_INVALID: {
    status: 400,
    message: 'The policy is not valid.',
    remedy: 'Correct the field named in the details: every rule starts before it ends.',
  },
  PROPOSAL_UNKNOWN: {
    status: 404,
    message: 'There is no such proposal.',
    remedy: 'Load the list again.',
  },
  PROPOSAL_OVER: {
    status: 409,
    message: 'This proposal was decided, or nobody decided it within seven days.',
    remedy: 'Propose it again if it is still wanted.',
  },
  PROPOSAL_OUTDATED: {
    status: 409,
    message: 'The same rule was changed after it was proposed.',
    remedy: 'Reject the proposal and propose it again on the policy as it is now.',
  },
  SECOND_PERSON_NEEDED: {
    status: 403,
    message: 'Whoever proposes a rule does not confirm it.',
    remedy: 'Ask another manager or an admin to confirm it.',
  },
  SECOND_PERSON_MISSING: {
    status: 409,
    message: 'Nobody else may confirm: a rule is switched on by two people.',
    remedy: 'Have an admin give a second person the role of manager; an admin counts as the second person.',
  },
  SOURCE_MISSING: {
    status: 400,
    message: 'There is no such file or folder.',
    remedy: 'Check the path given to --source.',
  },
  SAMPLE_NOT_RENDERED: {
    status: 500,
    message: 'The sample footage could not be rendered.',
    remedy: 'Run "npm ci" without --omit=optional, or install ffmpeg; or start with --source FILE.',
  },
  CHANNEL_UNKNOWN: {
    status: 404,
    message: 'There is no such channel.',
    remedy: 'Load the list of channels again.',
  },
  CHANNEL_INVALID: {
    status: 400,
    message: 'The channel cannot work as it is set.',
    remedy: 'Correct the field named in the details.',
  },
  CHANNEL_STAYS: {
    status: 409,
    message: 'Web Push belongs to the site and is not removed.',
    remedy: 'Switch it off instead.',
  },
  NOTICE_UNKNOWN: {
    status: 404,
    message: 'There is no such notice.',
    remedy: 'Load the list of notices again.',
  },
  NOTICE_NOT_FAILED: {
    status: 409,
    message: 'This notice has not failed.',
    remedy: 'Load the list again: only what failed is sent again by hand.',
  },
  PUSH_SUBSCRIPTION_INVALID: {
    status: 400,
    message: 'The subscription of the browser is not one.',
    remedy: 'Switch notifications off and on again in the account menu.',
  },
  LINK_INVALID: {
    status: 404,
    message: 'This hub has given out no such link.',
    remedy: 'Open the link from the message once more, or look at the alert on the dashboard.',
  },
  LINK_EXPIRED: {
    status: 410,
    message: 'The link has expired, or its channel may show pictures no more.',
    remedy: 'Log in and look at the alert on the dashboard.',
  },
  POLICY_CONFLICT: {
    status: 409,
    message: 'Someone else has changed the policy meanwhile.',
    remedy: 'Load it again and repeat the change.',
  },
  GATE_UNKNOWN: {
    status: 404,
    message: 'There is no such gate on this site.',
    remedy: 'Choose one of the gates in the session.',
  },
  SHIFT_UNKNOWN: {
    status: 404,
    message: 'There is no such shift.',
    remedy: 'Load the roster again; its pattern may have been changed.',
  },
  SHIFT_WITHOUT_GATE: {
    status: 400,
    message: 'A guard’s shift names no gate.',
    remedy: 'Choose one gate or more; only leaders and those on call have the whole site.',
  },
  SHIFT_ENDS_BEFORE_IT_STARTS: {
    status: 400,
    message: 'The shift ends before it starts.',
    remedy: 'Correct its end.',
  },
  SHIFT_TOO_LONG: {
    status: 400,
    message: 'A shift lasts 24 hours at most.',
    remedy: 'Make several shifts, or a weekly pattern.',
  },
  ROSTER_ITEM_UNKNOWN: {
    status: 404,
    message: 'There is no such pattern, shift, change, holiday or swap.',
    remedy: 'Load the roster again.',
  },
  ROSTER_SPAN_INVALID: {
    status: 400,
    message: 'The roster is shown for at most 62 days, and from an earlier to a later time.',
    remedy: 'Ask for a shorter time.',
  },
  SWAP_NOT_YOURS: {
    status: 403,
    message:
      'Only whoever has the shift may ask for a swap or withdraw it, and only whoever was asked answers.',
    remedy: 'A manager can give the shift to somebody else.',
  },
  SWAP_TOO_LATE: {
    status: 409,
    message: 'The shift has begun, or belongs to somebody else by now.',
    remedy: 'Ask a manager to change the roster.',
  },
  SWAP_ANSWERED: {
    status: 409,
    message: 'This swap has been answered or withdrawn.',
    remedy: 'Load the roster again; ask anew if it is still wanted.',
  },
  GAP_UNKNOWN: {
    status: 404,
    message: 'There is no such gap in the duty.',
    remedy: 'Load the list again.',
  },
  SNOOZE_UNKNOWN: {
    status: 404,
    message: 'There is no such snooze, or it is over.',
    remedy: 'Load the list again.',
  },
  SNOOZE_TOO_LONG: {
    status: 400,
    message: 'The snooze would last too long.',
    remedy: 'Let it end by the instant named in the details; a manager may snooze for longer.',
  },
  SETTING_CONFLICT: {
    status: 409,
    message: 'Someone else has changed this setting meanwhile.',
    remedy: 'Load it again and repeat the change.',
  },
  NOT_ON_DUTY: {
    status: 409,
    message: 'This person is not on duty at a gate.',
    remedy: 'Clock in first.',
  },
  // People, sessions, roles.
  NOT_LOGGED_IN: {
    status: 401,
    message: 'Nobody is logged in, or the session has ended.',
    remedy: 'Log in.',
  },
  ACCOUNT_ENDED: {
    status: 401,
    message: 'This account has reached its last day.',
    remedy: 'Ask an admin to give it a later one.',
  },
  LOG_IN_REFUSED: {
    status: 401,
    message: 'The username or the password is wrong.',
    remedy: 'Check both; an admin can give a new password.',
  },
  LOG_IN_THROTTLED: {
    status: 429,
    message: 'There were too many wrong passwords for this account or from this address.',
    remedy: 'Wait the seconds named in the details, then try again.',
  },
  ROLE_NOT_ALLOWED: {
    status: 403,
    message: 'The role of this person does not allow it.',
    remedy: 'Ask a person with one of the roles named in the details.',
  },
  LOOK_UP_TOO_OLD: {
    status: 403,
    message: 'Guards look up only the last hours.',
    remedy: 'Ask a manager, or search from the instant named in the details.',
  },
  NOT_ON_DUTY_AT_GATE: {
    status: 403,
    message: 'Only the guard on duty at the gate, or a manager, deals with its alerts.',
    remedy: 'Clock in at the gate named in the details.',
  },
  SECOND_FACTOR_NEEDED: {
    status: 401,
    message: 'This account is protected by a second factor.',
    remedy: 'Send the six digits of the authenticator app, or a recovery code, with the log-in.',
  },
  CODE_REFUSED: {
    status: 403,
    message: 'The code is wrong, was used already, or its time is over.',
    remedy: 'Wait for the next code; if it stays wrong, set the clock of the phone, or use a recovery code.',
  },
  SECOND_FACTOR_MISSING: {
    status: 403,
    message: 'Managers and admins need a second factor before they do anything else.',
    remedy: 'Set it up on the page that is shown after the log-in.',
  },
  SECOND_FACTOR_SET: {
    status: 409,
    message: 'This account has a second factor already.',
    remedy: 'Remove it first, with the password and a code.',
  },
  SECOND_FACTOR_NOT_BEGUN: {
    status: 409,
    message: 'No second factor is waiting for its first code.',
    remedy: 'Begin again and scan the new QR code.',
  },
  NEW_PASSWORD_NEEDED: {
    status: 403,
    message: 'The password was given by someone else and must be changed first.',
    remedy: 'Choose a new password on the page that is shown after the log-in.',
  },
  PASSWORD_TOO_WEAK: {
    status: 400,
    message: 'The password is too easily guessed.',
    remedy: 'Take several words, or more characters, without the username, dates or rows of keys.',
  },
  PASSWORD_REFUSED: {
    status: 403,
    message: 'The current password is wrong.',
    remedy: 'Type the password with which you logged in; an admin can give a new one.',
  },
  SESSION_UNKNOWN: {
    status: 404,
    message: 'There is no such session.',
    remedy: 'Load the list again; it may have ended already.',
  },
  GATE_NOT_ALLOWED: {
    status: 403,
    message: 'This person has to do with certain gates only.',
    remedy: 'Choose one of the gates in the session, or ask an admin for more gates.',
  },
  TABLET_NOT_PAIRED: {
    status: 403,
    message: 'On this site guards log in on paired tablets only.',
    remedy: 'Use the tablet at the gate, or ask a manager to pair this one.',
  },
  PAIRING_CODE_REFUSED: {
    status: 403,
    message: 'The pairing code is wrong, was used already, or is older than ten minutes.',
    remedy: 'Ask the manager for a new one on the page of tablets.',
  },
  DEVICE_UNKNOWN: {
    status: 404,
    message: 'There is no such tablet.',
    remedy: 'Load the list again; it may have been revoked already.',
  },
  ORIGIN_REFUSED: {
    status: 403,
    message: 'The request comes from a page of another site.',
    remedy: 'Use the dashboard under the hub’s own address.',
  },
  PERSON_UNKNOWN: {
    status: 404,
    message: 'There is no such person.',
    remedy: 'Load the list again.',
  },
  USERNAME_TAKEN: {
    status: 409,
    message: 'Another person has this username.',
    remedy: 'Choose another.',
  },
  LAST_ADMIN: {
    status: 409,
    message: 'This is the last active admin.',
    remedy: 'Add another admin first.',
  },
  // The HTTP door.
  ROUTE_UNKNOWN: {
    status: 404,
    message: 'There is nothing at this address.',
    remedy: 'See /api/v1/openapi.json for what there is.',
  },
  REQUEST_INVALID: {
    status: 400,
    message: 'The request is not valid.',
    remedy: 'Correct the fields named in the details.',
  },
  REQUEST_TOO_LARGE: {
    status: 413,
    message: 'The request is larger than the hub accepts.',
    remedy: 'Send less at once.',
  },
  MEDIA_TYPE_UNKNOWN: {
    status: 415,
    message: 'The body is of a type that the hub does not read.',
    remedy: 'Send application/json.',
  },
  TOO_MANY_REQUESTS: {
    status: 429,
    message: 'Too many requests came from this address in a short time.',
    remedy: 'Wait the seconds named in the details, then try again.',
  },
  EXPORTS_BUSY: {
    status: 503,
    message: 'As many exports are running as the hub does at once.',
    remedy: 'Wait until one of them has ended.',
  },
  VIID_SETTINGS_INVALID: {
    status: 400,
    message: 'The settings of the platform are not complete.',
    remedy: 'Give what the details name; faces also need the legal basis in writing.',
  },
  VIID_UNREACHABLE: {
    status: 502,
    message: 'The platform cannot be reached.',
    remedy: 'Check its address and the network; what waits is sent when it answers again.',
  },
  VIID_LOG_IN_REFUSED: {
    status: 502,
    message: 'The platform does not accept the log-in.',
    remedy: 'Check device id, username and password with whoever runs the platform.',
  },
  VIID_REPLY_UNREADABLE: {
    status: 502,
    message: 'The platform answers something that is not of GA/T 1400.4.',
    remedy: 'Check its address; it ends before /VIID.',
  },
  VIID_REFUSED: {
    status: 502,
    message: 'The platform refuses what it was sent.',
    remedy: 'Look at the reason in the dead letter with whoever runs the platform.',
  },
  HUB_STOPPING: {
    status: 503,
    message: 'The hub is stopping.',
    remedy: 'Try again when it is back.',
  },
  HTTP_PORT_TAKEN: {
    status: 500,
    message: 'The hub cannot listen on its HTTP port.',
    remedy: 'Stop the other program, or choose another port with --port.',
  },
  REQUEST_HEADERS_TOO_LARGE: {
    status: 431,
    message: 'The headers of the request are larger than the hub accepts.',
    remedy: 'Send fewer or shorter headers; clear the cookies of this address.',
  },
  REQUEST_TIMED_OUT: {
    status: 408,
    message: 'The request did not arrive in time.',
    remedy: 'Try again over a better connection.',
  },
  METRICS_REFUSED: {
    status: 403,
    message: 'Metrics are told on this machine, or to whoever has the token.',
    remedy: 'Set GATEHOUSE_METRICS_TOKEN on the hub and send it as a bearer token.',
  },
  // Encryption.
  TLS_REQUIRED: {
    status: 500,
    message: 'The hub is to listen on a network without TLS.',
    remedy:
      'Add --tls auto, or --tls-cert and --tls-key; or --insecure-http where nobody else is on the network.',
  },
  TLS_FILES_UNUSABLE: {
    status: 500,
    message: 'Certificate and key cannot be used.',
    remedy: 'Give PEM files that belong together and that the hub’s user may read.',
  },
  TLS_FOLDER_UNREADABLE: {
    status: 500,
    message: 'The hub’s own certificates cannot be read or written.',
    remedy:
      'Check the rights of the tls folder, or restore it; removing it makes a new authority, which tablets and boxes must trust anew.',
  },
  TLS_NAME_NOT_PERMITTED: {
    status: 500,
    message: 'The hub’s authority was made for other names and may not vouch for this one.',
    remedy:
      'Leave the name out, or remove the tls folder: a new authority is made, which tablets and boxes must trust anew.',
  },
  INTERNAL: {
    status: 500,
    message: 'Something went wrong in the hub.',
    remedy: 'Try again; if it stays, look at the hub’s log for the request named in the details.',
  },
} as const satisfies Record<string, HubErrorEntry>;

export type HubErrorCode = keyof typeof hubErrors;

/** An expected refusal with its code, the subject it concerns (never a password or a plate) and facts for the client. */
export class HubError extends Error {
  readonly code: HubErrorCode;
  /** What the reader can do about it. */
  readonly remedy: string;
  /** Facts that the API hands on, e.g. who acknowledged first; never a secret. */
  readonly details: Record<string, unknown> | undefined;

  constructor(
    code: HubErrorCode,
    subject?: string,
    options?: { cause?: unknown; details?: Record<string, unknown> },
  ) {
    const { message, remedy }: HubErrorEntry = hubErrors[code];
    super(subject === undefined ? `${message} ${remedy}` : `${subject}: ${message} ${remedy}`, {
      cause: options?.cause,
    });
    this.name = 'HubError';
    this.code = code;
    this.remedy = remedy;
    this.details = options?.details;
  }
}
