import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { Mail } from '../../../../hub/announce/channels/mail.ts';
import { buildDelivery } from '../../../builders/delivery.ts';
import { loopback, trustLoopback } from '../../../builders/loopback-certificate.ts';

interface Letter {
  from: string;
  to: string[];
  text: string;
  secure: boolean;
}

const mail = new Mail();
let letters: Letter[] = [];
let running: { close(done: () => void): unknown }[] = [];

beforeAll(() => trustLoopback());
afterEach(async () => {
  for (const server of running) await new Promise<void>((resolve) => server.close(() => resolve()));
  running = [];
  letters = [];
});

/** A real SMTP server that keeps what it takes. */
async function startServer(options: SMTPServerOptions = {}): Promise<number> {
  const server = new SMTPServer({
    ...loopback,
    authOptional: true,
    onData(stream, session, done) {
      const pieces: Buffer[] = [];
      stream.on('data', (piece: Buffer) => pieces.push(piece));
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope;
        letters.push({
          from: mailFrom ? mailFrom.address : '',
          to: rcptTo.map(({ address }) => address),
          text: Buffer.concat(pieces).toString('utf8'),
          secure: session.secure,
        });
        done();
      });
    },
    ...options,
  });
  server.on('error', () => {});
  const listening = server.listen(0, '127.0.0.1');
  running.push(server);
  await once(listening, 'listening');
  return (listening.address() as AddressInfo).port;
}

type Security = 'starttls' | 'tls' | 'none';

function send(
  port: number,
  security: Security,
  change: { username?: string } = {},
  signal = AbortSignal.timeout(5000),
) {
  const settings = {
    mail: {
      host: '127.0.0.1',
      port,
      security,
      from: 'gate@example.cn',
      to: ['office@example.cn', 'boss@example.cn'],
      ...change,
    },
  };
  return mail.send(buildDelivery('mail', { password: 'right' }, { settings }), signal);
}

describe('a mail server', () => {
  test.each(['starttls', 'tls'] as const)(
    'over %s takes the letter for everyone on the list',
    async (security) => {
      const port = await startServer({ secure: security === 'tls' });
      expect(await send(port, security)).toEqual({ kind: 'delivered' });
      expect(letters).toMatchObject([
        { from: 'gate@example.cn', to: ['office@example.cn', 'boss@example.cn'], secure: true },
      ]);
      const [{ text }] = letters;
      expect(text).toContain('Message-ID: <0195500c-0000-7000-8000-0000000000c1@example.cn>');
      expect(text).toContain('References: <0195500c-0000-7000-8000-0000000000a1@example.cn>');
      const subject = /^Subject: (.*(?:\r\n\s.*)*)/m.exec(text)?.[1] ?? '';
      const words = [...subject.matchAll(/=\?UTF-8\?B\?(.+?)\?=/g)].map(([, word]) =>
        Buffer.from(word, 'base64'),
      );
      expect(Buffer.concat(words).toString('utf8')).toBe('门岗 东门：未戴口罩');
    },
  );

  test('that offers no TLS gets nothing where TLS is asked for', async () => {
    const port = await startServer({ hideSTARTTLS: true, disabledCommands: ['STARTTLS'] });
    expect(await send(port, 'starttls')).toMatchObject({ kind: expect.not.stringMatching('delivered') });
    expect(letters).toEqual([]);
  });

  test('without a certificate that we trust gets nothing', async () => {
    const port = await startServer({ secure: true, key: undefined, cert: undefined });
    expect(await send(port, 'tls')).toMatchObject({ kind: 'retry', reason: 'unreachable' });
    expect(letters).toEqual([]);
  });

  test('that asks for a log-in gets it, and a wrong one is refused for good', async () => {
    const port = await startServer({
      authOptional: false,
      onAuth({ username, password }, _session, done) {
        if (username === 'gate' && password === 'right') return done(null, { user: username });
        done(Object.assign(new Error('no'), { responseCode: 535 }));
      },
    });
    expect(await send(port, 'starttls', { username: 'gate' })).toEqual({ kind: 'delivered' });
    expect(await send(port, 'starttls', { username: 'other' })).toEqual({
      kind: 'refused',
      reason: 'log_in_refused',
      detail: 'SMTP 535',
    });
  });

  test.each([
    [550, 'refused', 'mailbox_refused'],
    [451, 'retry', 'server_failed'],
  ])('that refuses everyone with %i: %s, %s', async (responseCode, kind, reason) => {
    const port = await startServer({
      onRcptTo(_address, _session, done) {
        done(Object.assign(new Error('no such user office@example.cn'), { responseCode }));
      },
    });
    const result = await send(port, 'starttls');
    expect(result).toEqual({ kind, reason, detail: `SMTP ${responseCode}` });
    expect(JSON.stringify(result)).not.toContain('office@');
  });

  test('that never greets ends with the signal', async () => {
    const silent: Server = createServer().listen(0, '127.0.0.1');
    running.push({ close: (done) => silent.close(done) });
    silent.on('connection', (socket) => socket.on('error', () => {}));
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    expect(await send(port, 'none', {}, AbortSignal.timeout(100))).toEqual({
      kind: 'retry',
      reason: 'timed_out',
    });
  });

  test('that is not there is tried again', async () => {
    expect(await send(1, 'none')).toEqual({ kind: 'retry', reason: 'unreachable', detail: 'ESOCKET' });
  });
});
