import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { managing, watching } from '../../accounts/access.ts';
import { covers, type GateScope, requireGate } from '../../accounts/scope.ts';
import { instant, name, uuid } from '../../contract/ids.ts';
import {
  dutyGap,
  handOver,
  holiday,
  newSwap,
  type RosterView,
  rosterQuery,
  rosterView,
  shiftChange,
  shiftPattern,
  singleShift,
  swap,
} from '../../contract/roster.ts';
import { HubError } from '../../errors.ts';
import type { DutyDesk } from '../../roster/duty-desk.ts';
import type { GapDesk } from '../../roster/gap-desk.ts';
import type { HandOverDesk } from '../../roster/hand-over-desk.ts';
import type { RosterDesk } from '../../roster/roster-desk.ts';
import type { RecordDeed } from '../auditing.ts';
import { scopeOfRequest, sessionOf } from '../authentication.ts';
import type { HubApp } from '../hub-app.ts';
import { refusals } from '../refusals.ts';

export interface RosterParts {
  roster: RosterDesk;
  gaps: GapDesk;
  handOvers: HandOverDesk;
  duties: DutyDesk;
  record: RecordDeed;
}

const byId = z.strictObject({ id: uuid });
const withId = { id: uuid };
/** Shifts, patterns and gaps of the gates of a scope, and those of the whole site. */
function withinScope(view: RosterView, scope: GateScope): RosterView {
  const concerns = ({ gates }: { gates: string[] }) =>
    gates.length === 0 || gates.some((gate) => covers(scope, gate));
  return {
    ...view,
    shifts: view.shifts.filter(concerns),
    patterns: view.patterns.filter(concerns),
    gaps: view.gaps.filter(({ gate }) => covers(scope, gate)),
  };
}

const colleague = z.strictObject({ id: uuid, displayName: z.string(), role: z.string() });

/** Who is planned where and when, what is missing, and what one guard leaves for the next. */
export function rosterRoutes(app: HubApp, { roster, gaps, handOvers, duties, record }: RosterParts): void {
  app.get(
    '/api/v1/roster',
    {
      config: { access: watching, scope: 'gate' },
      schema: {
        operationId: 'readRoster',
        summary: 'Shifts and gaps of a span of time, and what they are made of',
        querystring: rosterQuery,
        response: { 200: rosterView, ...refusals },
      },
    },
    async (request) => {
      const { from, until } = request.query;
      const view = await roster.view({ from: Date.parse(from), until: Date.parse(until) });
      return withinScope(view, scopeOfRequest(request));
    },
  );

  app.get(
    '/api/v1/roster/people',
    {
      config: { access: watching, scope: 'none' },
      schema: {
        operationId: 'listColleagues',
        summary: 'Everyone who can be on the roster',
        response: { 200: z.array(colleague), ...refusals },
      },
    },
    () => roster.colleagues(),
  );

  app.post(
    '/api/v1/roster/patterns',
    {
      config: { access: managing },
      schema: {
        operationId: 'addShiftPattern',
        summary: 'Plan somebody every week',
        body: shiftPattern,
        response: { 201: shiftPattern.extend(withId), ...refusals },
      },
    },
    async (request, reply) => {
      const added = await roster.savePattern(request.body);
      await recordChange(request, 'pattern', added.id);
      return reply.code(201).send(added);
    },
  );

  app.put(
    '/api/v1/roster/patterns/:id',
    {
      config: { access: managing },
      schema: {
        operationId: 'changeShiftPattern',
        summary: 'Replace a weekly pattern',
        params: byId,
        body: shiftPattern,
        response: { 200: shiftPattern.extend(withId), ...refusals },
      },
    },
    async (request) => {
      const changed = await roster.changePattern(request.params.id, request.body);
      await recordChange(request, 'pattern', changed.id);
      return changed;
    },
  );

  app.post(
    '/api/v1/roster/shifts',
    {
      config: { access: managing },
      schema: {
        operationId: 'addShift',
        summary: 'Plan one shift',
        body: singleShift,
        response: { 201: singleShift.extend(withId), ...refusals },
      },
    },
    async (request, reply) => {
      const added = await roster.addShift(request.body);
      await recordChange(request, 'single', added.id);
      return reply.code(201).send(added);
    },
  );

  app.post(
    '/api/v1/roster/changes',
    {
      config: { access: managing },
      schema: {
        operationId: 'changeShift',
        summary: 'Give one planned shift to somebody else, or let it fall away',
        body: shiftChange,
        response: { 201: shiftChange.extend(withId), ...refusals },
      },
    },
    async (request, reply) => {
      const change = await roster.changeShift(request.body);
      await recordChange(request, 'change', change.id);
      return reply.code(201).send(change);
    },
  );

  app.post(
    '/api/v1/roster/holidays',
    {
      config: { access: managing },
      schema: {
        operationId: 'addHoliday',
        summary: 'Name a day on which patterns may not hold',
        body: holiday,
        response: { 201: holiday.extend(withId), ...refusals },
      },
    },
    async (request, reply) => {
      const added = await roster.addHoliday(request.body);
      await recordChange(request, 'holiday', added.id);
      return reply.code(201).send(added);
    },
  );

  app.delete(
    '/api/v1/roster/:kind/:id',
    {
      config: { access: managing },
      schema: {
        operationId: 'removeFromRoster',
        summary: 'Take a pattern, a single shift, a change or a holiday off the roster',
        params: z.strictObject({
          kind: z.enum(['patterns', 'shifts', 'changes', 'holidays']),
          id: uuid,
        }),
        response: { 204: z.null(), ...refusals },
      },
    },
    async (request, reply) => {
      const { kind, id } = request.params;
      const stored = (
        { patterns: 'pattern', shifts: 'single', changes: 'change', holidays: 'holiday' } as const
      )[kind];
      await roster.remove(stored, id);
      await recordChange(request, stored, id);
      return reply.code(204).send(null);
    },
  );

  app.post(
    '/api/v1/roster/swaps',
    {
      config: { access: watching, scope: 'none' },
      schema: {
        operationId: 'askSwap',
        summary: 'Ask a colleague to take one’s shift',
        body: newSwap,
        response: { 201: swap, ...refusals },
      },
    },
    async (request, reply) => {
      const asked = await roster.askSwap(request.body, sessionOf(request).person.id);
      await record(request, { action: 'swap_asked', target: asked.id, details: { to: asked.to } });
      return reply.code(201).send(asked);
    },
  );

  app.post(
    '/api/v1/roster/swaps/:id/answer',
    {
      config: { access: watching, scope: 'none' },
      schema: {
        operationId: 'answerSwap',
        summary: 'Accept or decline a shift that one was asked to take, or withdraw what one asked',
        params: byId,
        body: z.strictObject({ answer: z.enum(['accepted', 'declined', 'withdrawn']) }),
        response: { 200: swap, ...refusals },
      },
    },
    async (request) => {
      const { answer } = request.body;
      const answered = await roster.answerSwap(request.params.id, sessionOf(request).person.id, answer);
      await record(request, { action: 'swap_answered', target: answered.id, details: { answer } });
      return answered;
    },
  );

  app.get(
    '/api/v1/duty/gaps',
    {
      config: { access: managing },
      schema: {
        operationId: 'listDutyGaps',
        summary: 'When gates had nobody on duty, newest first; without a span those that last',
        querystring: rosterQuery.partial(),
        response: { 200: z.array(dutyGap), ...refusals },
      },
    },
    ({ query: { from, until } }) =>
      from === undefined || until === undefined ? gaps.lasting() : gaps.list(from, until),
  );

  app.post(
    '/api/v1/duty/gaps/:id/acknowledge',
    {
      config: { access: managing },
      schema: {
        operationId: 'acknowledgeDutyGap',
        summary: 'Say that one sees to a gate without anybody',
        params: byId,
        response: { 200: dutyGap, ...refusals },
      },
    },
    async (request) => {
      const gap = await gaps.acknowledge(request.params.id, sessionOf(request).person);
      await record(request, { action: 'gap_acknowledged', target: gap.id, details: { gate: gap.gate } });
      return gap;
    },
  );

  app.post(
    '/api/v1/hand-overs',
    {
      config: { access: watching, scope: 'none' },
      schema: {
        operationId: 'leaveHandOver',
        summary: 'Leave a note for who comes next at the gate where one is on duty',
        body: z.strictObject({ text: z.string().trim().min(1).max(1000) }),
        response: { 201: handOver, ...refusals },
      },
    },
    async (request, reply) => {
      const { person } = sessionOf(request);
      const duty = await duties.of(person.id);
      if (!duty) throw new HubError('NOT_ON_DUTY');
      return reply.code(201).send(await handOvers.leave(duty.gate, person, request.body.text));
    },
  );

  app.get(
    '/api/v1/hand-overs',
    {
      config: { access: watching, scope: 'gate' },
      schema: {
        operationId: 'listHandOvers',
        summary: 'What was left at a gate, newest first',
        querystring: z.strictObject({
          gate: name,
          since: instant.optional(),
          limit: z.coerce.number().int().min(1).max(50).default(5),
        }),
        response: { 200: z.array(handOver), ...refusals },
      },
    },
    async (request) => {
      const { gate, since, limit } = request.query;
      requireGate(scopeOfRequest(request), gate);
      const notes = await handOvers.list(gate, limit);
      return since === undefined ? notes : notes.filter(({ at }) => at >= since);
    },
  );

  function recordChange(request: FastifyRequest, what: string, id: string): Promise<void> {
    return record(request, { action: 'roster_changed', target: id, details: { what } });
  }
}
