import { createHash, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A thing as it arrived. */
export type Arrived = Record<string, unknown> & {
  SubImageList: { SubImageInfoObject: Record<string, unknown>[] };
};

/**
 * A stand-in for a platform of GA/T 1400.4. It computes HTTP Digest and checks shapes and codes by itself, from the
 * standards and not with the hub's code, and refuses what does not fit.
 */
export class ViidPlatform {
  readonly username = '32050000001190000001';
  readonly password = 'p"ass\\word';
  readonly deviceId = '32050000001190000001';
  algorithm: 'MD5' | 'SHA-256' = 'MD5';
  /** Answers 503 to everything. */
  isDown = false;
  /** Whether statuses name the thing that they are about. */
  namesIds = true;
  /** Refuses a whole request that holds such a plate with HTTP 400. */
  poison: string | undefined;
  /** The status for a thing; 0 when not set. */
  statusFor: (thing: Arrived) => number = () => 0;
  registered = false;
  readonly calls: string[] = [];
  /** Everything that was in a request, also in one that was refused. */
  readonly offered: Arrived[] = [];
  readonly vehicles: Arrived[] = [];
  readonly faces: Arrived[] = [];
  /** What did not fit the standard, in words. */
  readonly complaints: string[] = [];
  #nonce = randomBytes(16).toString('hex');
  #server: Server | undefined;

  async start(): Promise<string> {
    this.#server = createServer((request, reply) => void this.#take(request, reply));
    await new Promise<void>((resolve) => this.#server?.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server?.closeAllConnections();
    await new Promise((resolve) => this.#server?.close(resolve));
  }

  async #take(request: IncomingMessage, reply: ServerResponse): Promise<void> {
    let text = '';
    for await (const chunk of request) text += chunk;
    const path = request.url ?? '';
    this.calls.push(path);
    const send = (code: number, body?: object) => {
      reply.writeHead(code, { 'content-type': 'application/VIID+JSON;charset=UTF-8' });
      reply.end(body === undefined ? '' : JSON.stringify(body));
    };
    if (this.isDown) return send(503);
    if (!/^application\/VIID\+JSON/i.test(request.headers['content-type'] ?? ''))
      this.complaints.push(`content type ${request.headers['content-type']}`);
    if (request.headers['user-identify'] !== this.deviceId)
      this.complaints.push(`User-Identify ${request.headers['user-identify']}`);
    const body = JSON.parse(text);

    if (path === '/VIID/System/Register' || path === '/VIID/System/UnRegister') {
      if (!this.#isAuthentic(request)) {
        this.#nonce = randomBytes(16).toString('hex');
        reply.setHeader(
          'www-authenticate',
          `Basic realm="viid", Digest realm="vi,id", qop="auth,auth-int", nonce="${this.#nonce}", opaque="5cc0", algorithm=${this.algorithm}`,
        );
        return send(401);
      }
      const object = path.endsWith('UnRegister') ? body.UnRegisterObject : body.RegisterObject;
      if (object?.DeviceID !== this.deviceId) return send(400);
      this.registered = !path.endsWith('UnRegister');
      return send(200, { ResponseStatusObject: this.#status(path, 0, this.deviceId) });
    }
    if (!this.registered) return send(401);
    if (path === '/VIID/System/Keepalive') {
      const isOurs = body.KeepaliveObject?.DeviceID === this.deviceId;
      return send(200, { ResponseStatusObject: this.#status(path, isOurs ? 0 : 4, this.deviceId) });
    }
    const isVehicles = path === '/VIID/MotorVehicles';
    if (!isVehicles && path !== '/VIID/Faces') return send(404);
    const things: Arrived[] = isVehicles
      ? body.MotorVehicleListObject.MotorVehicleObject
      : body.FaceListObject.FaceObject;
    this.offered.push(...things);
    if (things.some(({ PlateNo }) => PlateNo !== undefined && PlateNo === this.poison)) return send(400);
    const statuses = things.map((thing) => {
      this.#check(thing, isVehicles);
      const code = this.statusFor(thing);
      if (code === 0) (isVehicles ? this.vehicles : this.faces).push(thing);
      return this.#status(path, code, String(isVehicles ? thing.MotorVehicleID : thing.FaceID));
    });
    send(200, { ResponseStatusListObject: { ResponseStatusObject: statuses } });
  }

  #status(path: string, StatusCode: number, Id: string) {
    const said = { RequestURL: path, StatusCode, StatusString: StatusCode === 0 ? 'OK' : 'no' };
    return { ...said, ...(this.namesIds && { Id }), LocalTime: '20260301160000' };
  }

  /** RFC 7616, 3.4: A1, A2, and the digest over nonce, count, client nonce and qop. */
  #isAuthentic({ headers, method, url }: IncomingMessage): boolean {
    const header = headers.authorization ?? '';
    if (!header.startsWith('Digest ')) return false;
    const field = (name: string) => {
      const [, quoted, token] =
        new RegExp(`[ ,]${name}=(?:"((?:[^"\\\\]|\\\\.)*)"|([^ ,]+))`).exec(header) ?? [];
      return quoted?.replace(/\\(.)/g, '$1') ?? token ?? '';
    };
    const hash = (text: string) =>
      createHash(this.algorithm === 'MD5' ? 'md5' : 'sha256')
        .update(text, 'utf8')
        .digest('hex');
    const a1 = hash(`${this.username}:vi,id:${this.password}`);
    const a2 = hash(`${method}:${url}`);
    const expected = hash([a1, this.#nonce, field('nc'), field('cnonce'), 'auth', a2].join(':'));
    return (
      field('username') === this.username &&
      field('realm') === 'vi,id' &&
      field('nonce') === this.#nonce &&
      field('uri') === url &&
      field('qop') === 'auth' &&
      field('nc') === '00000001' &&
      field('opaque') === '5cc0' &&
      field('algorithm') === this.algorithm &&
      field('cnonce').length >= 8 &&
      field('response') === expected
    );
  }

  /** What GA/T 1400.3 wants of every vehicle and face. */
  #check(thing: Arrived, isVehicle: boolean): void {
    const want = (field: string, value: unknown, fits: RegExp | ((value: unknown) => boolean)) => {
      const isFine = typeof fits === 'function' ? fits(value) : typeof value === 'string' && fits.test(value);
      if (!isFine) this.complaints.push(`${field}: ${JSON.stringify(value)}`);
    };
    const isCount = (value: unknown) => Number.isInteger(value) && (value as number) >= 0;
    const time = /^20\d\d(0[1-9]|1[0-2])([0-2]\d|3[01])([01]\d|2[0-3])[0-5]\d[0-5]\d$/;
    const image = /^\d{20}02\d{14}\d{5}$/;
    const id = isVehicle ? thing.MotorVehicleID : thing.FaceID;
    want('id', id, isVehicle ? /^\d{20}02\d{14}\d{5}02\d{5}$/ : /^\d{20}02\d{14}\d{5}06\d{5}$/);
    want('SourceID', thing.SourceID, image);
    want('id begins with SourceID', String(id).startsWith(String(thing.SourceID)), (same) => same === true);
    want('DeviceID', thing.DeviceID, /^\d{20}$/);
    want('InfoKind', thing.InfoKind, (kind) => kind === 1);
    for (const field of ['LeftTopX', 'LeftTopY', 'RightBtmX', 'RightBtmY'])
      want(field, thing[field], isCount);
    for (const each of thing.SubImageList.SubImageInfoObject) {
      want('ImageID', each.ImageID, image);
      want(
        'EventSort',
        each.EventSort,
        isVehicle ? (sort) => sort === 12 || sort === 16 : (sort) => sort === 10,
      );
      want('Type', each.Type, isVehicle ? /^0[12]$/ : /^1[14]$/);
      want('FileFormat', each.FileFormat, /^Jpeg$/);
      want('ShotTime', each.ShotTime, time);
      want('Width', each.Width, isCount);
      want('Data', each.Data, /^\/9j\/[A-Za-z0-9+/]+=*$/);
    }
    if (isVehicle) {
      for (const field of ['MarkTime', 'AppearTime', 'PassTime']) want(field, thing[field], time);
      want('HasPlate', thing.HasPlate, /^[01]$/);
      want('PlateClass', thing.PlateClass, /^(0[1-9]|1[0-7]|2[0-7]|3[12]|5[12]|99)$/);
      want('PlateColor', thing.PlateColor, /^(1|2|5|6|9|99)$/);
      want(
        'PlateNo',
        thing.PlateNo,
        (plate) => typeof plate === 'string' && plate.length >= 1 && plate.length <= 15,
      );
      want('VehicleColor', thing.VehicleColor, /^([1-9]|1[0-3]|99)$/);
      return;
    }
    want('FaceAppearTime', thing.FaceAppearTime, time);
    for (const field of ['IsDriver', 'IsForeigner', 'IsSuspectedTerrorist', 'IsCriminalInvolved'])
      want(field, thing[field], (value) => value === 2);
    for (const field of ['IsDetainees', 'IsVictim', 'IsSuspiciousPerson'])
      want(field, thing[field], (value) => value === 2);
  }
}
