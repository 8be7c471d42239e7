"""What lies between a face and the network at a gate: pose, framing, distance, lens, light, compression.

Every class and every source goes through exactly this, so that none can be told by its sharpness or its frame.
"""

import cv2
import numpy as np

from geometry import INPUT_SIZE


def frame_canvas(canvas, square, inside, backdrop, rng):
    """Canvas → crop of 18 to INPUT_SIZE px around `square` (see `crop_square`), framed as loosely as detectors do. BGR
    uint8."""
    crop = square[2]
    canvas = fill_outside(canvas, inside, backdrop, rng)
    # Most heads are upright; some are bent over a telephone or a bag.
    turn = np.deg2rad(rng.normal(0, 7 if rng.random() < 0.8 else 22))
    skew = rng.normal(0, 0.12)
    zoom = np.exp(rng.normal(0, 0.1))
    stretch = np.exp(rng.normal(0, 0.17))
    mirror = -1 if rng.random() < 0.5 else 1
    shift = rng.normal(0, 0.06, 2) * crop
    face_pixels = int(np.exp(rng.uniform(np.log(18), np.log(100))))
    side = min(face_pixels, INPUT_SIZE)
    scale = side / (crop * zoom)
    cos, sin = np.cos(turn) * scale, np.sin(turn) * scale
    matrix = np.array([[cos * stretch * mirror, -sin * mirror, 0], [sin * stretch, cos, 0]])
    matrix[:, :2] = matrix[:, :2] @ np.array([[1, skew], [0, 1]])
    centre = np.array(square[:2]) + shift
    matrix[:, 2] = side / 2 - matrix[:, :2] @ centre
    if scale < 0.75:
        canvas = cv2.GaussianBlur(canvas, (0, 0), 0.42 / scale)
    return cv2.warpAffine(canvas, matrix, (side, side), flags=cv2.INTER_LINEAR)


def fill_outside(canvas, inside, backdrop, rng):
    """
    Beyond the edge of a picture: black as at the edge of a frame, a colour, or another picture's pixels. The
    portraits of one source are cut tight and those of the other are not: this must not tell the class.
    """
    outside = inside == 0
    kind = rng.random()
    if kind < 0.3 or not outside.any():
        return canvas
    canvas = canvas.copy()
    if kind < 0.48:
        canvas[outside] = 0
    elif kind < 0.6:
        canvas[outside] = rng.integers(0, 256, 3)
    else:
        canvas[outside] = cv2.GaussianBlur(np.rot90(backdrop, int(rng.integers(4))), (0, 0), rng.uniform(0.5, 4))[outside]
    return canvas


def light(crop, rng):
    """Exposure, contrast, gamma, white balance, saturation, night, a shadow across the face."""
    out = crop.astype(np.float32) / 255
    grey = np.repeat(out @ np.float32([[0.114], [0.587], [0.299]]), 3, 2)
    if rng.random() < 0.06:  # burnt out: a lamp at night, the sun in the lens
        lit = grey if rng.random() < 0.5 else out
        return np.clip(lit * rng.uniform(0.7, 1.3) + rng.uniform(0.15, 0.5), 0, 1) * 255
    if rng.random() < 0.12:  # infrared or night mode
        out = grey
    elif rng.random() < 0.6:
        out = grey + (out - grey) * rng.uniform(0.2, 1.5)
        out = out * np.exp(rng.normal(0, 0.1, 3)).astype(np.float32)
    if rng.random() < 0.3:
        height, width = out.shape[:2]
        y, x = np.mgrid[0:height, 0:width].astype(np.float32) / max(height, width) - 0.5
        angle, offset = rng.uniform(0, 2 * np.pi), rng.normal(0, 0.25)
        ramp = 1 / (1 + np.exp(-(x * np.cos(angle) + y * np.sin(angle) - offset) * rng.uniform(3, 30)))
        out = out * (1 - ramp * rng.uniform(0, 0.7))[..., None]
    out = np.clip(out, 0, None) ** np.exp(rng.normal(0, 0.25))
    out = (out - 0.5) * np.exp(rng.normal(-0.08, 0.25)) + 0.5 + rng.normal(0, 0.07)
    return np.clip(out * 255, 0, 255)


def blur(crop, rng):
    kind = rng.random()
    if kind < 0.3:
        return cv2.GaussianBlur(crop, (0, 0), rng.uniform(0.3, 1.2))
    if kind < 0.5:
        length = int(rng.integers(2, max(3, crop.shape[0] // 9) + 1))
        kernel = np.zeros((length, length), np.float32)
        angle = rng.uniform(0, np.pi)
        reach = np.array([np.cos(angle), np.sin(angle)]) * (length - 1) / 2
        middle = (length - 1) / 2
        cv2.line(kernel, tuple(int(round(v)) for v in middle - reach), tuple(int(round(v)) for v in middle + reach), 1.0)
        return cv2.filter2D(crop, -1, kernel / kernel.sum())
    if kind < 0.6:  # sharpening inside the camera
        return np.clip(crop + (crop - cv2.GaussianBlur(crop, (0, 0), 1.0)) * rng.uniform(0.3, 1.6), 0, 255)
    return crop


def compress(crop, rng):
    """Sensor noise, then JPEG, which stands for the video codec too."""
    if rng.random() < 0.6:
        crop = crop + rng.normal(0, rng.uniform(0, 11), crop.shape[:2] + (1,)) + rng.normal(0, rng.uniform(0, 7), crop.shape)
    crop = np.clip(crop, 0, 255).astype(np.uint8)
    if rng.random() < 0.7:
        crop = cv2.imdecode(cv2.imencode(".jpg", crop, [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(18, 96))])[1], cv2.IMREAD_COLOR)
    return crop


def cover_top(canvas, points, rng):
    """Dark glasses or a cap, which say nothing about the mask."""
    out = canvas.copy()
    left, right = points[0], points[1]
    across = right - left
    if rng.random() < 0.5:
        colour = rng.integers(0, 60, 3).tolist()
        for eye in (left, right):
            axes = np.hypot(*across) * rng.uniform(0.3, 0.42), np.hypot(*across) * rng.uniform(0.2, 0.35)
            cv2.ellipse(out, tuple(int(v) for v in eye), tuple(max(1, int(v)) for v in axes), float(np.rad2deg(np.arctan2(across[1], across[0]))), 0, 360, colour, -1, cv2.LINE_AA)
        cv2.line(out, tuple(int(v) for v in left), tuple(int(v) for v in right), colour, 2)
        return out
    brim = (left + right) / 2 - np.array([-across[1], across[0]]) * rng.uniform(0.25, 0.7)
    ends = brim - across * 1.6, brim + across * 1.6
    outline = np.array([ends[0], ends[1], (ends[1][0], -200), (ends[0][0], -200)])
    cv2.fillPoly(out, [np.int32(outline)], rng.integers(0, 256, 3).tolist(), cv2.LINE_AA)
    return out


def cut(crop, rng):
    """What the border of the picture leaves of a face: nothing above, or at one side."""
    part = int(rng.uniform(0.05, 0.4) * crop.shape[0])
    beyond = (slice(0, part), slice(None)) if rng.random() < 0.6 else (slice(None), slice(0, part) if rng.random() < 0.5 else slice(-part, None))
    crop = crop.copy()
    crop[beyond] = 0 if rng.random() < 0.7 else rng.integers(0, 256, 3)
    return crop


def degrade(canvas, square, inside, points, backdrop, rng):
    """One training picture: INPUT_SIZE px square, BGR uint8. `backdrop` is any other canvas."""
    if rng.random() < 0.08:
        canvas = cover_top(canvas, points, rng)
    crop = frame_canvas(canvas, square, inside, backdrop, rng)
    if rng.random() < 0.06:
        crop = cut(crop, rng)
    # One in four stays as clean as it came, or the network forgets what clear cloth looks like.
    if rng.random() < 0.75:
        crop = compress(blur(light(crop, rng), rng), rng)
    if crop.shape[0] != INPUT_SIZE:
        crop = cv2.resize(crop, (INPUT_SIZE, INPUT_SIZE), interpolation=cv2.INTER_LINEAR)
    return crop


def plain_crop(canvas, square, inside):
    """What the edge cuts, without any damage: for evaluation."""
    canvas = canvas.copy()
    canvas[inside == 0] = 0
    scale = INPUT_SIZE / square[2]
    if scale < 0.75:
        canvas = cv2.GaussianBlur(canvas, (0, 0), 0.42 / scale)
    matrix = np.array([[scale, 0, INPUT_SIZE / 2 - scale * square[0]], [0, scale, INPUT_SIZE / 2 - scale * square[1]]])
    return cv2.warpAffine(canvas, matrix, (INPUT_SIZE, INPUT_SIZE), flags=cv2.INTER_LINEAR)
