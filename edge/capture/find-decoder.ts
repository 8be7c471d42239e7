import { EdgeError } from '../errors.ts';
import type { Decoder } from './decoder.ts';
import { findFfmpeg } from './ffmpeg-decoder.ts';
import { findLibav } from './libav-decoder.ts';

/** Programs that the command line or the environment names. */
export interface CaptureTools {
  /** ffmpeg to use in place of the one on the PATH. */
  ffmpegPath: string | undefined;
}

/** The system's ffmpeg when it is 5 or newer, else the one in the optional package node-av. Throws DECODER_MISSING. */
export async function findDecoder({ ffmpegPath }: CaptureTools): Promise<Decoder> {
  const decoder = (await findFfmpeg(ffmpegPath ?? 'ffmpeg')) ?? findLibav();
  if (!decoder) throw new EdgeError('DECODER_MISSING');
  return decoder;
}
