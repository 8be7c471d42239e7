import MailComposer from 'nodemailer/lib/mail-composer';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import type { ChannelSender, Delivery, Message, SendResult } from './channel.ts';

/** Milliseconds of silence after which a mail server is given up; the attempt's own limit comes first. */
const silenceMs = 10_000;

/**
 * Mail over SMTP (RFC 5321), with STARTTLS (RFC 3207) or TLS from the start (RFC 8314). Neither is ever downgraded, and
 * a password goes over TLS only. The Message-ID is that of the notice, so that a second copy is known as one.
 */
export class Mail implements ChannelSender {
  async send(delivery: Delivery, signal: AbortSignal): Promise<SendResult> {
    const { mail } = delivery.channel.settings;
    const { password } = delivery.channel.secrets;
    if (!mail || (mail.username && !password)) return { kind: 'refused', reason: 'not_set_up' };
    const connection = new SMTPConnection({
      host: mail.host,
      port: mail.port,
      secure: mail.security === 'tls',
      requireTLS: mail.security === 'starttls',
      ignoreTLS: mail.security === 'none',
      name: 'gatehouse',
      connectionTimeout: silenceMs,
      greetingTimeout: silenceMs,
      socketTimeout: silenceMs,
      socketCloseTimeout: 0,
    });
    const giveUp = () => connection.close();
    signal.addEventListener('abort', giveUp, { once: true });
    try {
      signal.throwIfAborted();
      const raw = await compose(delivery, mail);
      await talk(connection, { ...mail, password }, raw);
      return { kind: 'delivered' };
    } catch (error) {
      return resultOf(error as SmtpFault, signal);
    } finally {
      signal.removeEventListener('abort', giveUp);
      connection.close();
    }
  }
}

interface MailSettings {
  from: string;
  to: string[];
  username?: string;
  password?: string;
}

/** A fault as nodemailer tells it: which step, and what the server answered. */
interface SmtpFault extends Error {
  code?: string;
  responseCode?: number;
}

function talk(connection: SMTPConnection, mail: MailSettings, raw: Buffer): Promise<void> {
  const { from, to, username, password } = mail;
  return new Promise((resolve, reject) => {
    connection.on('error', reject);
    connection.on('end', () => reject(new Error('closed')));
    const submit = () =>
      connection.send({ from, to, size: raw.byteLength }, raw, (error) => {
        if (error) return reject(error);
        resolve();
        connection.quit();
      });
    connection.connect((error) => {
      if (error) return reject(error);
      if (!username) return submit();
      connection.login({ user: username, pass: password }, (refused) =>
        refused ? reject(refused) : submit(),
      );
    });
  });
}

function compose({ id, topic, message }: Delivery, { from, to }: MailSettings): Promise<Buffer> {
  const domain = from.slice(from.lastIndexOf('@') + 1);
  const composer = new MailComposer({
    from,
    to,
    subject: message.title,
    text: textOf(message),
    messageId: `<${id}@${domain}>`,
    references: `<${topic}@${domain}>`,
    headers: { 'Auto-Submitted': 'auto-generated' },
  });
  return composer.compile().build() as Promise<Buffer>;
}

function textOf({ lines, link, picture }: Message): string {
  const links = [link, picture].flatMap((each) => each ?? []).map(({ text, url }) => `${text}: ${url}`);
  return [...lines, ...(links.length > 0 ? ['', ...links] : [])].join('\n');
}

/** The server's words stay out of the record: they repeat addresses. */
function resultOf({ code, responseCode }: SmtpFault, signal: AbortSignal): SendResult {
  if (signal.aborted || code === 'ETIMEDOUT') return { kind: 'retry', reason: 'timed_out' };
  const detail = responseCode === undefined ? (code ?? 'no answer') : `SMTP ${responseCode}`;
  const forGood = responseCode !== undefined && responseCode >= 500;
  if (code === 'EAUTH' || responseCode === 530)
    return forGood
      ? { kind: 'refused', reason: 'log_in_refused', detail }
      : { kind: 'retry', reason: 'server_failed', detail };
  if (forGood)
    return { kind: 'refused', reason: code === 'EENVELOPE' ? 'mailbox_refused' : 'refused', detail };
  if (responseCode !== undefined) return { kind: 'retry', reason: 'server_failed', detail };
  return { kind: 'retry', reason: 'unreachable', detail };
}
