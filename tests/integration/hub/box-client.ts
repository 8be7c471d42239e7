import { connectAsync, type IClientPublishOptions, type MqttClient } from 'mqtt';
import { type Receipt, receipt as receiptSchema, type Sighting } from '../../../hub/contract/sighting.ts';
import { type BoxAddress, boxTopic } from '../../../hub/contract/topics.ts';

/** A box as far as the broker can see: it logs in, publishes and collects what the hub tells it. */
export interface BoxClient {
  mqtt: MqttClient;
  receipts: Receipt[];
  messages: { topic: string; payload: Buffer; retain: boolean }[];
  publish(topic: string, payload: string | Buffer, options?: IClientPublishOptions): Promise<void>;
  sendSighting(sighting: Sighting): Promise<void>;
  sendEvidence(id: string, jpeg: Buffer): Promise<void>;
  close(): Promise<void>;
}

/** Connects and subscribes to what a box listens to. */
export async function connectBox(
  url: string,
  box: BoxAddress,
  options: { password?: string; clientId?: string; username?: string } = {},
): Promise<BoxClient> {
  const username = `${box.site}/${box.box}`;
  const mqtt = await connectAsync(
    url,
    {
      protocolVersion: 4,
      username,
      clientId: username,
      reconnectPeriod: 0,
      connectTimeout: 3000,
      ...options,
    },
    false,
  );
  const receipts: Receipt[] = [];
  const messages: BoxClient['messages'] = [];
  mqtt.on('error', () => {});
  mqtt.on('message', (topic, payload, { retain }) => {
    messages.push({ topic, payload, retain });
    if (topic === boxTopic(box, 'receipts'))
      receipts.push(receiptSchema.parse(JSON.parse(payload.toString())));
  });
  await mqtt.subscribeAsync([boxTopic(box, 'receipts'), boxTopic(box, 'policy')], { qos: 1 });
  const publish = async (topic: string, payload: string | Buffer, given: IClientPublishOptions = {}) => {
    await acknowledgedOrClosed(mqtt, mqtt.publishAsync(topic, payload, { qos: 1, ...given }));
  };
  return {
    mqtt,
    receipts,
    messages,
    publish,
    sendSighting: (sighting) => publish(boxTopic(box, 'sightings'), JSON.stringify(sighting)),
    sendEvidence: (id, jpeg) => publish(boxTopic(box, 'evidence', id), jpeg),
    close: () => mqtt.endAsync(true),
  };
}

/** mqtt.js leaves a publish waiting when the broker hangs up: that is a refusal here. */
async function acknowledgedOrClosed(mqtt: MqttClient, published: Promise<unknown>): Promise<void> {
  const closed = Promise.withResolvers<never>();
  const hangUp = () => closed.reject(new Error('connection closed without acknowledgement'));
  mqtt.once('close', hangUp);
  try {
    await Promise.race([published, closed.promise]);
  } finally {
    mqtt.off('close', hangUp);
    published.catch(() => {});
  }
}
