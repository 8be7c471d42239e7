import { z } from 'zod';
import { administering, managing } from '../../accounts/access.ts';
import type { AuditTrail } from '../../accounts/audit-trail.ts';
import type { Devices } from '../../accounts/devices.ts';
import { requireGate } from '../../accounts/scope.ts';
import type { TabletStream } from '../../announce/tablet-stream.ts';
import { type Clock, toInstant } from '../../clock.ts';
import {
  devices as deviceList,
  deviceRules,
  newPairing,
  pairing,
  pairingCode,
  thisDevice,
} from '../../contract/api.ts';
import { uuid } from '../../contract/ids.ts';
import type { Counters } from '../../counters.ts';
import { HubError } from '../../errors.ts';
import type { BoxStore } from '../../ingest/box-store.ts';
import type { RecordDeed } from '../auditing.ts';
import { deviceCookie, scopeOfRequest, sessionOf, setDeviceCookie } from '../authentication.ts';
import type { HubApp } from '../hub-app.ts';
import { perMinute } from '../rate-limits.ts';
import { refusals } from '../refusals.ts';

export interface DeviceParts {
  site: string;
  devices: Devices;
  boxes: BoxStore;
  stream: TabletStream;
  audit: AuditTrail;
  record: RecordDeed;
  counters: Counters;
  clock: Clock;
}

/** Tablets that belong to a gate. */
export function deviceRoutes(app: HubApp, parts: DeviceParts): void {
  const { site, devices, boxes, stream, audit, record, counters, clock } = parts;

  app.get(
    '/api/v1/devices',
    {
      config: { access: managing, scope: 'gate' },
      schema: {
        operationId: 'listDevices',
        summary: 'Paired tablets, and whether guards log in on them alone',
        response: { 200: deviceList, ...refusals },
      },
    },
    (request) => devices.list(scopeOfRequest(request)),
  );

  app.post(
    '/api/v1/devices/pairings',
    {
      config: { access: managing, scope: 'gate' },
      schema: {
        operationId: 'startPairing',
        summary: 'A code that is typed on the tablet once, within ten minutes',
        body: newPairing,
        response: { 201: pairing, ...refusals },
      },
    },
    async (request, reply) => {
      const { gate, name } = request.body;
      requireGate(scopeOfRequest(request), gate);
      const gates = await boxes.gates(site);
      if (!gates.includes(gate)) throw new HubError('GATE_UNKNOWN', undefined, { details: { gates } });
      const started = await devices.startPairing(gate, name, sessionOf(request).person.displayName);
      await record(request, { action: 'pairing_code_made', target: gate, details: { name } });
      return reply.code(201).send(started);
    },
  );

  app.put(
    '/api/v1/devices/rules',
    {
      config: { access: administering },
      schema: {
        operationId: 'changeDeviceRules',
        summary: 'Whether guards log in on paired tablets alone',
        body: deviceRules,
        response: { 200: deviceRules, ...refusals },
      },
    },
    async (request) => {
      const { guardsOnlyOnPairedTablets } = request.body;
      await devices.setGuardsOnlyOnPairedTablets(guardsOnlyOnPairedTablets, sessionOf(request).person.id);
      await record(request, { action: 'device_rules_changed', target: site, details: request.body });
      return { guardsOnlyOnPairedTablets };
    },
  );

  app.delete(
    '/api/v1/devices/:id',
    {
      config: { access: managing, scope: 'gate' },
      schema: {
        operationId: 'revokeDevice',
        summary: 'The tablet is not known any more; sessions that were begun on it end',
        params: z.strictObject({ id: uuid }),
        response: { 204: z.null(), ...refusals },
      },
    },
    async (request, reply) => {
      const { device, sessions } = await devices.revoke(request.params.id, scopeOfRequest(request));
      for (const session of sessions) stream.closeSession(session);
      await record(request, {
        action: 'device_revoked',
        target: device.gate,
        details: { device: device.id, name: device.name, sessions: sessions.length },
      });
      return reply.code(204).send(null);
    },
  );

  app.get(
    '/api/v1/device',
    {
      config: { access: 'public' },
      schema: {
        operationId: 'readThisDevice',
        summary: 'The paired tablet that this request comes from, if it is one',
        response: { 200: thisDevice, ...refusals },
      },
    },
    async (request) => ({ device: await devices.recognise(request.cookies[deviceCookie]) }),
  );

  app.post(
    '/api/v1/device',
    {
      config: { access: 'public', rateLimit: perMinute.logIn },
      schema: {
        operationId: 'pairThisDevice',
        summary: 'Pair the tablet that this request comes from, by a code',
        body: pairingCode,
        response: { 200: thisDevice, ...refusals },
      },
    },
    async (request, reply) => {
      const paired = await devices.pair(request.body.code).catch((error: unknown) => {
        if (error instanceof HubError) counters.add(error.code.toLowerCase());
        throw error;
      });
      const { id, name, gate, pairedBy } = paired.device;
      await audit.record({
        at: toInstant(clock.now()),
        action: 'device_paired',
        target: gate,
        address: request.ip,
        details: { device: id, name, pairedBy },
      });
      setDeviceCookie(request, reply, paired.token);
      return { device: { id, name, gate } };
    },
  );
}
