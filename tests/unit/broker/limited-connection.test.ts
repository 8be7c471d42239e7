import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LimitedConnection } from '../../../hub/broker/limited-connection.ts';

const limit = 300;

/** An MQTT packet with a body of so many bytes. */
function packet(bodyBytes: number): Buffer {
  const length: number[] = [];
  for (let rest = bodyBytes; ; rest = Math.floor(rest / 128)) {
    length.push(rest >= 128 ? (rest % 128) | 0x80 : rest);
    if (rest < 128) break;
  }
  return Buffer.concat([Buffer.from([0x30, ...length]), Buffer.alloc(bodyBytes, 0xff)]);
}

/** What comes through when these bytes are sent in these pieces, and whether it was cut off. */
async function passThrough(pieces: Buffer[]): Promise<{ received: Buffer; cutOff: boolean }> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = connect((server.address() as { port: number }).port, '127.0.0.1').setNoDelay(true);
  client.on('error', () => {});
  const [socket] = await once(server, 'connection');
  const connection = new LimitedConnection(socket, limit).open();
  const closed = once(connection, 'close');
  const chunks: Buffer[] = [];
  let cutOff = false;
  connection.on('tooLarge', () => {
    cutOff = true;
  });
  connection.on('data', (chunk) => chunks.push(chunk));
  for (const piece of pieces) {
    client.write(piece);
    await new Promise((resolve) => setImmediate(resolve));
  }
  client.end();
  await closed;
  server.close();
  return { received: Buffer.concat(chunks), cutOff };
}

test('packets up to the limit pass unchanged, however they are cut into pieces', async () => {
  const bodies = fc.array(fc.integer({ min: 0, max: limit }), { minLength: 1, maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(bodies, fc.integer({ min: 1, max: 400 }), async (sizes, step) => {
      const sent = Buffer.concat(sizes.map(packet));
      const pieces = Array.from({ length: Math.ceil(sent.length / step) }, (_, at) =>
        sent.subarray(at * step, (at + 1) * step),
      );
      const { received, cutOff } = await passThrough(pieces);
      expect(cutOff).toBe(false);
      expect(received.equals(sent)).toBe(true);
    }),
    { numRuns: 30 },
  );
});

test('a packet over the limit is cut off at its header', async () => {
  const { received, cutOff } = await passThrough([packet(10), packet(limit + 1).subarray(0, 3)]);
  expect(cutOff).toBe(true);
  expect(received.length).toBeLessThanOrEqual(packet(10).length);
});
