import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { HubError } from '../errors.ts';
import { answerDigest } from './digest-auth.ts';

/** Milliseconds after which a request counts as unanswered. */
const answerWithinMs = 15_000;

/** Characters of an answer that are read; a status is some hundred bytes. */
const mostCharacters = 1_000_000;

/** What the platform says of one thing (GA/T 1400.4, ResponseStatus). */
export interface ObjectStatus {
  /** 0 is fine (ConfirmStatusType). */
  code: number;
  text: string;
  /** The id of the thing it is about; some platforms leave it out. */
  id: string | undefined;
}

/** Where the platform is and who we are to it. */
export interface ViidAccount {
  platformUrl: string;
  deviceId: string;
  username: string;
  password: string;
}

const status = z
  .looseObject({
    StatusCode: z.coerce.number().int(),
    StatusString: z.string().optional(),
    Id: z.string().optional(),
    ID: z.string().optional(),
  })
  .transform(
    ({ StatusCode, StatusString, Id, ID }): ObjectStatus => ({
      code: StatusCode,
      text: (StatusString ?? '').slice(0, 200),
      id: (Id ?? ID) || undefined,
    }),
  );
const statuses = z.union([z.array(status), status.transform((one) => [one])]);

/** One status or a list of them; platforms differ in how they wrap it. */
const answer = z.union([
  z
    .looseObject({ ResponseStatusListObject: z.looseObject({ ResponseStatusObject: statuses }) })
    .transform(({ ResponseStatusListObject }) => ResponseStatusListObject.ResponseStatusObject),
  z
    .looseObject({ ResponseStatusObject: statuses })
    .transform(({ ResponseStatusObject }) => ResponseStatusObject),
]);

/**
 * Speaks GA/T 1400.4 to one platform: JSON over HTTP, our device id in `User-Identify`, and HTTP Digest (RFC 7616) where
 * the platform asks for it, as it does for Register. Throws VIID_UNREACHABLE, VIID_LOG_IN_REFUSED, VIID_REFUSED and
 * VIID_REPLY_UNREADABLE, none of which names what was sent.
 */
export class ViidClient {
  readonly #account: ViidAccount;
  readonly #signal: AbortSignal;

  constructor(account: ViidAccount, signal: AbortSignal) {
    this.#account = account;
    this.#signal = signal;
  }

  async register(): Promise<void> {
    await this.#system('Register', 'RegisterObject');
  }

  async keepalive(): Promise<void> {
    await this.#system('Keepalive', 'KeepaliveObject');
  }

  async unregister(): Promise<void> {
    await this.#system('UnRegister', 'UnRegisterObject');
  }

  /** What the platform says of each thing in a list. */
  post(path: string, body: object): Promise<ObjectStatus[]> {
    return this.#post(path, body);
  }

  async #system(call: string, object: string): Promise<void> {
    const [said] = await this.#post(`/VIID/System/${call}`, {
      [object]: { DeviceID: this.#account.deviceId },
    });
    if (said?.code !== 0) throw new HubError('VIID_LOG_IN_REFUSED', `${call}: ${said?.code} ${said?.text}`);
  }

  async #post(path: string, body: object): Promise<ObjectStatus[]> {
    const payload = JSON.stringify(body);
    let response = await this.#send(path, payload);
    const challenge = response.headers.get('www-authenticate');
    if (response.status === 401 && challenge !== null) {
      await response.body?.cancel();
      const authorization = this.#answer(path, challenge);
      if (authorization !== undefined) response = await this.#send(path, payload, authorization);
    }
    return this.#read(response);
  }

  #answer(path: string, challenge: string): string | undefined {
    const { username, password } = this.#account;
    const uri = new URL(this.#urlOf(path)).pathname;
    const cnonce = randomBytes(16).toString('hex');
    return answerDigest(challenge, { method: 'POST', uri, username, password, cnonce });
  }

  async #send(path: string, body: string, authorization?: string): Promise<Response> {
    try {
      return await fetch(this.#urlOf(path), {
        method: 'POST',
        body,
        redirect: 'manual',
        signal: AbortSignal.any([this.#signal, AbortSignal.timeout(answerWithinMs)]),
        headers: {
          'content-type': 'application/VIID+JSON;charset=UTF-8',
          accept: 'application/VIID+JSON, application/json',
          'user-identify': this.#account.deviceId,
          ...(authorization === undefined ? {} : { authorization }),
        },
      });
    } catch (cause) {
      throw new HubError('VIID_UNREACHABLE', undefined, { cause });
    }
  }

  async #read(response: Response): Promise<ObjectStatus[]> {
    let text: string;
    try {
      text = (await response.text()).slice(0, mostCharacters);
    } catch (cause) {
      throw new HubError('VIID_UNREACHABLE', undefined, { cause });
    }
    if (response.status === 401) throw new HubError('VIID_LOG_IN_REFUSED', 'HTTP 401');
    if (response.status >= 500) throw new HubError('VIID_UNREACHABLE', `HTTP ${response.status}`);
    if (!response.ok) throw new HubError('VIID_REFUSED', `HTTP ${response.status}`);
    const parsed = answer.safeParse(parseJson(text));
    if (!parsed.success) throw new HubError('VIID_REPLY_UNREADABLE', `HTTP ${response.status}`);
    return parsed.data;
  }

  #urlOf(path: string): string {
    return this.#account.platformUrl.replace(/\/+$/, '') + path;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
