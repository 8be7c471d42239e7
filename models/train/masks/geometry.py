"""Where the mask network looks: the same square as `maskCrop` in edge/perceive/mask-classifier.ts."""

import numpy as np

# Eye-to-mouth distances from the centre of the crop to its edge, and from the eyes down to its centre.
CROP_SIDE = 2.6
CROP_CENTRE = 0.65
# A face seen from the side keeps its eye-to-mouth distance and loses its eye distance; a lifted one the reverse.
EYE_DISTANCE_WEIGHT = 1.15
INPUT_SIZE = 64
# Training keeps more than the crop, so that it can shift, turn and scale: canvas px, and canvas width in crops.
CANVAS = 144
CANVAS_MARGIN = 1.6


def crop_square(left_eye, right_eye, mouth):
    """Landmarks in pixels → (centre x, centre y, side) of the square that the network sees."""
    eyes = (np.asarray(left_eye) + np.asarray(right_eye)) / 2
    down = np.asarray(mouth) - eyes
    reach = max(np.hypot(*down), EYE_DISTANCE_WEIGHT * np.hypot(*(np.asarray(right_eye) - np.asarray(left_eye))))
    centre = eyes + CROP_CENTRE * down
    return float(centre[0]), float(centre[1]), float(CROP_SIDE * reach)
