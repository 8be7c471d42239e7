/**
 * The edge's error catalogue. Codes are never reused; a test holds this table and `edge/README.md` together.
 * Each entry: what happened, and what the reader can do about it.
 */
export const edgeErrors = {
  CONFIG_UNREADABLE:
    'The configuration file cannot be read. Check the path given to --config and its rights.',
  CONFIG_INVALID:
    'The configuration is not valid. Correct the field named here; edge/README.md has the table.',
  MODEL_MISSING: 'A model file is missing. Restore the models folder from the release.',
  MODEL_MANIFEST_INVALID: 'A model manifest is not valid. Restore manifest.json from the release.',
  MODEL_HASH_MISMATCH:
    'A model file is not the one its manifest names. Restore the models folder from the release.',
  MODEL_UNREADABLE:
    'A model file cannot be loaded. Restore it from the release, or check that the machine has AVX2.',
  PERCEPTION_FAILED:
    'Perception failed on a frame, which was skipped. If it happens again, restart the box and check its memory.',
  SOURCE_MISSING: 'The source does not exist. Check the path of the file or folder.',
  SOURCE_EMPTY: 'The folder holds no picture. Use .jpg, .jpeg, .png, .webp, .avif or .tiff files.',
  SOURCE_UNREADABLE:
    'The source cannot be decoded. Check that it is a picture or a video that FFmpeg can read.',
  SOURCE_TRUNCATED:
    'The source ended in the middle of a frame. The whole frames before it were used; copy the file again.',
  CAMERA_UNREACHABLE: 'The camera does not answer. Check its address, power and network; it is tried again.',
  DECODER_MISSING:
    'No decoder was found. Install ffmpeg 5 or newer, set FFMPEG_PATH, or reinstall with optional packages.',
  GALLERY_KEY_UNSAFE: 'The gallery key can be read by others. Run chmod 600 on the key file.',
  GALLERY_KEY_INVALID: 'The gallery key is not 32 bytes. Restore the site’s key file.',
  GALLERY_UNREADABLE:
    'A template cannot be opened with this site’s key. It was left alone and is not compared.',
  OUTBOX_FULL: 'The disk is full: the sighting waits in memory. Free space on the box.',
  OUTBOX_UNREADABLE:
    'The outbox database cannot be opened. Check the disk and the rights of the data folder.',
  UPLINK_REFUSED:
    'The hub refused the log-in of this box. Check site, box and token against the hub’s box list.',
  UPLINK_UNREACHABLE:
    'The hub cannot be reached. What is seen waits in the outbox; check address and network.',
  UPLINK_NOT_TRUSTED:
    'What answers is not the hub that this box trusts. Check hub.caFile against the hub’s tls/authority.crt, the host in hub.url against the names in the hub’s certificate, and the clocks; if they are right, somebody stands between.',
  UPLINK_CA_UNREADABLE:
    'The file of the authority cannot be read, or is not a PEM certificate. Check hub.caFile and its rights.',
  PAYLOAD_INVALID:
    'A message from the hub was not understood and was ignored. Bring hub and box to the same version.',
  CLOCK_WRONG:
    'The clock of the box is behind: before the release of this software, or before its own last work. Set the time (NTP) and start again.',
  PICTURE_UNREADABLE:
    'The picture cannot be read. Check that it is a whole picture of a supported format, of at most 192 million pixels (AVIF: 48).',
  SAMPLE_NOT_ENCODED:
    'The sample footage could not be encoded. Install ffmpeg 5 or newer with libx264, or reinstall with optional packages.',
} as const;

export type EdgeErrorCode = keyof typeof edgeErrors;

/** An expected refusal with its code, what it concerns (never a password or a plate), and the remedy in the message. */
export class EdgeError extends Error {
  readonly code: EdgeErrorCode;
  readonly subject: string | undefined;

  constructor(code: EdgeErrorCode, subject?: string, options?: { cause?: unknown }) {
    super(subject === undefined ? edgeErrors[code] : `${subject}: ${edgeErrors[code]}`, options);
    this.name = 'EdgeError';
    this.code = code;
    this.subject = subject;
  }
}
