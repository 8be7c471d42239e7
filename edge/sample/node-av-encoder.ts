/**
 * The child process behind `encodeWithNodeAv`: raw frames on standard input, an HLS playlist out. Its first
 * message is the `EncoderSetting`. It ends with 0 only when the playlist has its end mark.
 */
import { once } from 'node:events';
import { Encoder, Frame, Muxer, Rational } from 'node-av';
import {
  AV_PIX_FMT_YUV420P,
  AVCOL_PRI_BT709,
  AVCOL_RANGE_MPEG,
  AVCOL_SPC_BT709,
  AVCOL_TRC_BT709,
  FF_ENCODER_LIBX264,
} from 'node-av/constants';
import { type EncoderSetting, hlsOptions, segmentFrames } from './encoder.ts';

const [setting] = (await once(process, 'message')) as [EncoderSetting];
const timeBase = { num: 1, den: setting.framesPerSecond };

// The parent ended without closing our input: nobody wants the footage any more.
const abandon = () => process.exit(1);
process.on('disconnect', abandon);

await encode();
process.off('disconnect', abandon);
process.disconnect?.();

async function encode(): Promise<void> {
  using encoder = await Encoder.create(FF_ENCODER_LIBX264, {
    context: {
      timeBase: new Rational(1, setting.framesPerSecond),
      framerate: new Rational(setting.framesPerSecond, 1),
      gopSize: segmentFrames(setting),
      colorSpace: AVCOL_SPC_BT709,
      colorPrimaries: AVCOL_PRI_BT709,
      colorTrc: AVCOL_TRC_BT709,
      colorRange: AVCOL_RANGE_MPEG,
    },
    options: { preset: 'ultrafast', tune: 'zerolatency', crf: 23 },
  });
  await using muxer = await Muxer.open(setting.playlist, { format: 'hls', options: hlsOptions });
  const stream = muxer.addStream(encoder);
  for await (const packet of encoder.packets(readFrames())) await muxer.writePacket(packet, stream);
}

/** Every whole frame of standard input, then `null`, which makes the encoder give what it still holds. */
async function* readFrames(): AsyncGenerator<Frame | null> {
  const size = (setting.width * setting.height * 3) / 2;
  const bytes = Buffer.alloc(size);
  let filled = 0;
  let pts = 0n;
  for await (const chunk of process.stdin as AsyncIterable<Buffer>) {
    for (let from = 0; from < chunk.length; ) {
      const taken = chunk.copy(bytes, filled, from);
      from += taken;
      filled += taken;
      if (filled < size) continue;
      filled = 0;
      yield Frame.fromVideoBuffer(bytes, {
        width: setting.width,
        height: setting.height,
        format: AV_PIX_FMT_YUV420P,
        timeBase,
        pts: pts++,
      });
    }
  }
  yield null;
}
