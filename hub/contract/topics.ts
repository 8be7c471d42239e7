/** Version 1 of the topic tree: `gatehouse/v1/{site}/{box}/…`. Every topic is built and parsed here and nowhere else. */
const root = 'gatehouse/v1';

/** The fixed channels below a box's own prefix, with who writes them. */
export const boxChannels = {
  status: { from: 'box', qos: 1, retained: true },
  sightings: { from: 'box', qos: 1, retained: false },
  evidence: { from: 'box', qos: 1, retained: false },
  telemetry: { from: 'box', qos: 0, retained: false },
  replies: { from: 'box', qos: 1, retained: false },
  receipts: { from: 'hub', qos: 1, retained: false },
  policy: { from: 'hub', qos: 1, retained: true },
  config: { from: 'hub', qos: 1, retained: true },
  commands: { from: 'hub', qos: 1, retained: false },
} as const;

export type BoxChannel = keyof typeof boxChannels;

/** One box on one site. */
export interface BoxAddress {
  site: string;
  box: string;
}

/** What a topic says; `id` is the evidence id or the gallery subject. */
export type ParsedTopic =
  | { channel: BoxChannel; site: string; box: string; id?: string }
  | { channel: 'gallery'; site: string; id: string };

/** `gatehouse/v1/{site}/{box}/{channel}`, with `/{id}` for evidence. */
export function boxTopic({ site, box }: BoxAddress, channel: BoxChannel, id?: string): string {
  return id === undefined ? `${root}/${site}/${box}/${channel}` : `${root}/${site}/${box}/${channel}/${id}`;
}

/** `gatehouse/v1/{site}/gallery/{subject}`: sealed templates, retained, box to box. */
export function galleryTopic(site: string, subject: string): string {
  return `${root}/${site}/gallery/${subject}`;
}

/** Everything any box of any site publishes on this channel: the hub's subscription. */
export function everyBoxTopic(channel: BoxChannel): string {
  return channel === 'evidence' ? `${root}/+/+/evidence/+` : `${root}/+/+/${channel}`;
}

/** What the boxes of every site know of their subjects: the hub's subscription. */
export const everyGallery = `${root}/+/gallery/+`;

/** All sealed templates of a site: a box's subscription. */
export function everyGalleryTopic(site: string): string {
  return `${root}/${site}/gallery/+`;
}

/** Undefined when the topic is not one of ours; a pattern with a wildcard is no topic. */
export function parseTopic(topic: string): ParsedTopic | undefined {
  if (/[+#]/.test(topic)) return undefined;
  const parts = topic.split('/');
  if (parts[0] !== 'gatehouse' || parts[1] !== 'v1') return undefined;
  const [site, second, third, id, ...rest] = parts.slice(2);
  if (!site || !second || !third || rest.length > 0) return undefined;
  if (second === 'gallery') return id === undefined ? { channel: 'gallery', site, id: third } : undefined;
  if (!Object.hasOwn(boxChannels, third)) return undefined;
  const channel = third as BoxChannel;
  if (channel === 'evidence') return id ? { channel, site, box: second, id } : undefined;
  return id === undefined ? { channel, site, box: second } : undefined;
}

/** A box may publish its own box → hub channels and its site's gallery, nothing else. */
export function boxMayPublish(self: BoxAddress, topic: string): boolean {
  const parsed = parseTopic(topic);
  if (!parsed || parsed.site !== self.site) return false;
  if (parsed.channel === 'gallery') return true;
  return parsed.box === self.box && boxChannels[parsed.channel].from === 'box';
}

/** A box may read its own hub → box channels and its site's gallery; `everyGalleryTopic` is the only pattern with a wildcard. */
export function boxMaySubscribe(self: BoxAddress, pattern: string): boolean {
  if (pattern === everyGalleryTopic(self.site)) return true;
  const parsed = parseTopic(pattern);
  if (!parsed || parsed.site !== self.site) return false;
  if (parsed.channel === 'gallery') return true;
  return parsed.box === self.box && boxChannels[parsed.channel].from === 'hub';
}
