import { managing, servicing } from '../accounts/access.ts';
import { covers, type GateScope } from '../accounts/scope.ts';
import type { Alert, Role, StreamEvent } from '../contract/api.ts';
import { boxesWithin } from '../ingest/boxes-within.ts';

/** Who looks at a tablet, and the gate where that person is on duty now. */
export interface Viewer {
  id: string;
  role: Role;
  gate?: string;
  scope: GateScope;
}

/** The event as this viewer gets it: what lies outside of the viewer's gates is left out. Undefined: nothing of it. */
export function shownTo(viewer: Viewer, event: StreamEvent): StreamEvent | undefined {
  return reaches(viewer, event) ? withinScope(viewer.scope, event) : undefined;
}

/**
 * What reaches a tablet by itself. Managers and admins get everything. A guard gets the alerts and sightings of the
 * gate where the guard is on duty, alerts of other gates once they were told of them (as helper or leader; the others
 * can be read in the list, but do not ring), and who is on duty.
 * Installers get the boxes and nobody's movements.
 */
function reaches(viewer: Viewer, event: StreamEvent): boolean {
  switch (event.type) {
    case 'reset':
      return true;
    case 'box':
      return isOneOf(servicing, viewer.role);
    case 'duty':
      return viewer.role !== 'installer';
    case 'alert':
      return (
        isOneOf(managing, viewer.role) || isAtGate(viewer, event.alert.gate) || wasTold(viewer, event.alert)
      );
    case 'gap':
      return isOneOf(managing, viewer.role);
    case 'sighting':
      return isOneOf(managing, viewer.role) || isAtGate(viewer, event.sighting.gate);
  }
}

function isAtGate({ role, gate }: Viewer, of: string): boolean {
  return role === 'guard' && gate === of;
}

function wasTold({ id, role }: Viewer, { steps }: Alert): boolean {
  return role === 'guard' && steps.some(({ people }) => people.some((person) => person.id === id));
}

function withinScope(scope: GateScope, event: StreamEvent): StreamEvent | undefined {
  switch (event.type) {
    case 'reset':
      return event;
    case 'alert':
      return covers(scope, event.alert.gate) ? event : undefined;
    case 'sighting':
      return covers(scope, event.sighting.gate) ? event : undefined;
    case 'gap':
      return covers(scope, event.gap.gate) ? event : undefined;
    case 'duty':
      return { ...event, duty: event.duty.filter(({ gate }) => covers(scope, gate)) };
    case 'box': {
      const [box] = boxesWithin(scope, [event.box]);
      return box && { ...event, box };
    }
  }
}

function isOneOf(roles: readonly Role[], role: Role): boolean {
  return roles.includes(role);
}
