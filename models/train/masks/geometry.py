"""Where the mask network looks: the same square as `maskCrop` in edge/perceive/mask-classifier.ts; and what a face mesh
says of box and points."""

import numpy as np

# Longer sides of the face's box from edge to edge of the crop; how far below the box's centre its own lies.
CROP_SIDE = 1.25
CROP_DOWN = 0.05
INPUT_SIZE = 64
# Training keeps more than the crop, so that it can shift, turn and scale: canvas px, and canvas width in crops.
CANVAS = 176
CANVAS_MARGIN = 2.1

# Face mesh vertices whose mean is each point, as in edge/perceive/face-landmarker.ts.
_POINTS = ((33, 133, 159, 145), (263, 362, 386, 374), (1,), (61,), (291,))
# The mesh ends below the hair: a face's box begins this part of its height above.
_FOREHEAD = 0.1


def face_of(mesh):
    """Box (left, top, right, bottom) and five points of a face mesh."""
    low, high = mesh.min(0), mesh.max(0)
    top = low[1] - _FOREHEAD * (high[1] - low[1])
    points = np.float32([mesh[list(group)].mean(0) for group in _POINTS])
    return np.float32([low[0], top, high[0], high[1]]), points


def crop_square(box):
    """Box (left, top, right, bottom) → (centre x, centre y, side) of the square that the network sees."""
    left, top, right, bottom = (float(value) for value in box)
    longer = max(right - left, bottom - top)
    return (left + right) / 2, (top + bottom) / 2 + CROP_DOWN * longer, CROP_SIDE * longer
