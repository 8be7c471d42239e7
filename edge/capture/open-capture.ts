import { statSync } from 'node:fs';
import { extname } from 'node:path';
import type { Capture, CaptureOptions } from './capture.ts';
import { type CaptureTools, findDecoder } from './find-decoder.ts';
import { isPicture, PictureFolder } from './picture-folder.ts';
import { VideoCapture } from './video-capture.ts';

/** The capture that fits the source: a folder of pictures or a single one, or else a video or camera through a decoder. */
export function openCapture(options: CaptureOptions, tools: CaptureTools): Capture {
  const found = statSync(options.source, { throwIfNoEntry: false });
  if (found?.isDirectory() || (found?.isFile() && isPicture(extname(options.source))))
    return new PictureFolder(options);
  return new VideoCapture(options, () => findDecoder(tools));
}
