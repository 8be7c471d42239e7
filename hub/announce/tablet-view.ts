import { managing, servicing } from '../accounts/access.ts';
import type { Alert, Role, StreamEvent } from '../contract/api.ts';

/** Who looks at a tablet, and the gate where that person is on duty now. */
export interface Viewer {
  id: string;
  role: Role;
  gate?: string;
}

/**
 * What reaches a tablet by itself. Managers and admins get everything. A guard gets the alerts and sightings of the
 * gate where the guard is on duty, alerts of other gates once they were told of them (as helper or leader; the others
 * can be read in the list, but do not ring), and who is on duty.
 * Installers get the boxes and nobody's movements.
 */
export function reaches(viewer: Viewer, event: StreamEvent): boolean {
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

function isOneOf(roles: readonly Role[], role: Role): boolean {
  return roles.includes(role);
}
