import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EventReader, type ServerEvent } from '../../../../dashboard/src/live/event-reader.ts';

const stream =
  ': hello\n\nid: 7\nevent: alert\ndata: {"a":1}\n\n: heartbeat\n\nid: 8\r\nevent: sighting\r\ndata: 一\r\ndata:二\r\n\r\nevent: lonely\n\ndata: last\n\n';
const told: ServerEvent[] = [
  { id: '7', type: 'alert', data: '{"a":1}' },
  { id: '8', type: 'sighting', data: '一\n二' },
  { id: '8', type: 'message', data: 'last' },
];

test('events are read with their ids, types and lines; comments and empty events are not events', () => {
  expect(new EventReader().push(stream)).toEqual(told);
});

test('however the text is cut, the same events come', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(stream.length), { maxLength: 12 }), (cuts) => {
      const places = [0, ...cuts.sort((a, b) => a - b), stream.length];
      const reader = new EventReader();
      const read = places.slice(1).flatMap((end, index) => reader.push(stream.slice(places[index], end)));
      expect(read).toEqual(told);
    }),
  );
});

test('an event that is not complete waits', () => {
  const reader = new EventReader();
  expect(reader.push('data: half')).toEqual([]);
  expect(reader.push(' done\n')).toEqual([]);
  expect(reader.push('\n')).toEqual([{ id: undefined, type: 'message', data: 'half done' }]);
});
