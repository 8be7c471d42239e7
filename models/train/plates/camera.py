"""What lies between a plate and its pixels: surroundings, perspective, light, lens, sensor, compression."""

import math
import random
from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np

from plate_art import Plate


@dataclass
class View:
    """`picture`: RGB uint8; `corners`: float32 [4, 2], clockwise from the plate's top left, in its pixels."""

    picture: np.ndarray
    corners: np.ndarray


def mount(rng: random.Random, plate: np.ndarray, backdrop: np.ndarray, margin: float = 0.35) -> tuple[np.ndarray, np.ndarray]:
    """The plate on a piece of backdrop (RGB), in most cases in a frame; gives picture and corners."""
    height, width = plate.shape[:2]
    mx, my = int(width * margin), int(height * margin * 1.6)
    canvas = cv2.resize(backdrop, (width + 2 * mx, height + 2 * my), interpolation=cv2.INTER_LINEAR)
    if rng.random() < 0.55:
        rim = [rng.randint(2, 26) for _ in range(4)]
        tone = rng.choice(((15, 15, 17), (30, 30, 32), (120, 122, 125), (185, 188, 190), (70, 40, 35)))
        cv2.rectangle(canvas, (mx - rim[0], my - rim[1]), (mx + width + rim[2], my + height + rim[3]), tone, -1)
        if rim[3] > 16 and rng.random() < 0.5:
            words = "".join(rng.choice("ABCDEFGHIJKLMNOPQRSTUVWXYZ 0123456789-") for _ in range(rng.randint(5, 18)))
            ink = (220, 220, 220) if tone[0] < 90 else (25, 25, 25)
            cv2.putText(canvas, words, (mx + rng.randint(0, 120), my + height + rim[3] - 4), cv2.FONT_HERSHEY_SIMPLEX, 0.55, ink, 1, cv2.LINE_AA)
    canvas[my : my + height, mx : mx + width] = plate
    corners = np.array([[mx, my], [mx + width, my], [mx + width, my + height], [mx, my + height]], np.float32)
    return canvas, corners


def dirty(rng: random.Random, plate: np.ndarray) -> np.ndarray:
    """Mud, scratches, a sticker, worn paint."""
    plate = plate.copy()
    height, width = plate.shape[:2]
    kind = rng.random()
    if kind < 0.5:
        blotches = smooth_noise(rng, height, width, rng.choice((3, 6, 12)))
        tone = np.array(rng.choice(((110, 95, 75), (150, 150, 145), (60, 55, 50))), np.float32)
        share = np.clip((blotches - rng.uniform(0.5, 0.75)) * 3, 0, rng.uniform(0.2, 0.7))[:, :, None]
        plate = (plate * (1 - share) + tone * share).astype(np.uint8)
    elif kind < 0.75:
        for _ in range(rng.randint(1, 5)):
            a = (rng.randrange(width), rng.randrange(height))
            b = (a[0] + rng.randint(-90, 90), a[1] + rng.randint(-40, 40))
            tone = rng.randint(40, 230)
            cv2.line(plate, a, b, (tone, tone, tone), rng.randint(1, 4), cv2.LINE_AA)
    else:
        at = (rng.randrange(width), rng.choice((rng.randrange(0, 25), rng.randrange(height - 25, height))))
        cv2.circle(plate, at, rng.randint(5, 20), tuple(rng.randrange(256) for _ in range(3)), -1, cv2.LINE_AA)
    return plate


def smooth_noise(rng: random.Random, height: int, width: int, cells: int) -> np.ndarray:
    """Clouds, 0 to 1, float32 [height, width]."""
    seed = np.random.default_rng(rng.getrandbits(32)).random((max(2, cells * height // max(height, width) + 2), cells + 2), np.float32)
    return cv2.resize(seed, (width, height), interpolation=cv2.INTER_CUBIC)


def look_at(rng: random.Random, canvas: np.ndarray, corners: np.ndarray, plate_width: float) -> View:
    """The mounted plate from somewhere: turned, tilted, foreshortened; `plate_width` in pixels of the picture."""
    plate_mm = float(corners[1, 0] - corners[0, 0])
    turn = math.radians(rng.gauss(0, 22) if rng.random() < 0.6 else rng.uniform(-55, 55))
    tilt = math.radians(rng.gauss(8, 14))
    roll = math.radians(rng.gauss(0, 5) if rng.random() < 0.8 else rng.uniform(-28, 28))
    distance = rng.uniform(2.5, 9) * plate_mm
    rotate = _rotation(turn, tilt, roll)
    centre = corners.mean(0)

    def project(points: np.ndarray) -> np.ndarray:
        flat = np.concatenate([points - centre, np.zeros((len(points), 1), np.float32)], 1) @ rotate.T
        return flat[:, :2] * (distance / (distance + flat[:, 2:3]))

    seen = project(corners)
    scale = plate_width / max(1.0, float(np.linalg.norm(seen[1] - seen[0]) + np.linalg.norm(seen[2] - seen[3])) / 2)
    stretch = math.exp(rng.gauss(0, 0.1))
    size = np.array([scale, scale * stretch], np.float32)
    height, width = canvas.shape[:2]
    frame = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    target = project(frame) * size
    quad = seen * size
    low, high = quad.min(0), quad.max(0)
    border = np.maximum((high - low) * np.array([0.22, 0.35], np.float32), 3)
    origin = low - border + np.array([rng.random(), rng.random()], np.float32)
    extent = np.maximum(np.ceil(high + border - origin), 8).astype(int)
    shrink = min(1.0, 1.25 * scale)
    if shrink < 0.7:
        canvas = cv2.resize(canvas, None, fx=shrink, fy=shrink, interpolation=cv2.INTER_AREA)
        frame = frame * shrink
    matrix = cv2.getPerspectiveTransform(frame, (target - origin).astype(np.float32))
    picture = cv2.warpPerspective(canvas, matrix, (int(extent[0]), int(extent[1])), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return View(picture, (quad - origin).astype(np.float32))


def _rotation(turn: float, tilt: float, roll: float) -> np.ndarray:
    ct, st, cp, sp, cr, sr = math.cos(turn), math.sin(turn), math.cos(tilt), math.sin(tilt), math.cos(roll), math.sin(roll)
    about_y = np.array([[ct, 0, st], [0, 1, 0], [-st, 0, ct]], np.float32)
    about_x = np.array([[1, 0, 0], [0, cp, -sp], [0, sp, cp]], np.float32)
    about_z = np.array([[cr, -sr, 0], [sr, cr, 0], [0, 0, 1]], np.float32)
    return about_z @ about_x @ about_y


def expose(rng: random.Random, picture: np.ndarray, hardness: float, plate_width: float) -> np.ndarray:
    """Light and sensor damage in camera pixels; `hardness` 0 (clean) to 1. Blur is measured by the plate's width, pixels."""
    image = picture.astype(np.float32)
    height, width = image.shape[:2]
    if rng.random() < 0.35:
        clouds = smooth_noise(rng, height, width, rng.choice((1, 2, 4)))[:, :, None]
        low = rng.uniform(0.35, 0.85)
        image *= low + (1.25 - low) * clouds
    if rng.random() < 0.15:
        image *= _shadow(rng, height, width)
    if rng.random() < 0.12 * (0.5 + hardness):
        image += _glare(rng, height, width)
    night = rng.random() < 0.15 + 0.15 * hardness
    gain = math.exp(rng.gauss(-0.85, 0.35)) if night else math.exp(rng.gauss(-0.05, 0.28))
    cast = np.array([math.exp(rng.gauss(0, 0.09 + 0.08 * night)) for _ in range(3)], np.float32)
    if rng.random() < 0.03:
        # A camera with its infrared filter gone: everything is pink, or green.
        cast = np.array([math.exp(rng.gauss(0, 0.5)) for _ in range(3)], np.float32)
    image = image * gain * cast
    if rng.random() < 0.4:
        mean = image.mean()
        image = mean + (image - mean) * rng.uniform(1 - 0.6 * max(0.3, hardness), 1.3)
    if rng.random() < 0.3:
        image += rng.uniform(0, 60) * hardness
    if rng.random() < 0.08 * (0.5 + hardness):
        # Fog: what is far turns into one bright grey, evenly.
        thickness = rng.uniform(0.3, 0.85)
        image = image * (1 - thickness) + rng.uniform(90, 210) * thickness
    if rng.random() < 0.25:
        grey = image @ np.array([0.299, 0.587, 0.114], np.float32)
        share = 1.0 if rng.random() < 0.25 else rng.uniform(0.2, 0.9)
        image = image * (1 - share) + grey[:, :, None] * share
    if rng.random() < 0.6:
        image = _blur(rng, image, hardness, 1.4 * plate_width)
    sigma = abs(rng.gauss(0, 3 + 9 * hardness)) * (1.5 if night else 1)
    if sigma > 0.5:
        noise = _noise(rng, height, width, 1 if rng.random() < 0.4 else 3)
        if rng.random() < 0.4:
            noise = cv2.GaussianBlur(noise, (0, 0), rng.uniform(0.5, 1.0)).reshape(height, width, -1) * 2
        image = image + noise * sigma
    if rng.random() < 0.3:
        soft = cv2.GaussianBlur(image, (0, 0), rng.uniform(0.8, 1.8))
        image = image + (image - soft) * rng.uniform(0.3, 2.2)
    curve = (255 * (np.arange(256) / 255) ** math.exp(rng.gauss(0, 0.22))).astype(np.uint8)
    image = cv2.LUT(np.clip(image, 0, 255).astype(np.uint8), curve)
    if rng.random() < 0.12:
        factor = rng.uniform(0.5, 0.85)
        small = cv2.resize(image, (max(4, int(width * factor)), max(4, int(height * factor))), interpolation=cv2.INTER_AREA)
        image = cv2.resize(small, (width, height), interpolation=rng.choice((cv2.INTER_LINEAR, cv2.INTER_CUBIC, cv2.INTER_NEAREST)))
    if rng.random() < 0.75:
        quality = int(rng.uniform(18 if hardness > 0.5 else 35, 95))
        _, packed = cv2.imencode(".jpg", image, (cv2.IMWRITE_JPEG_QUALITY, quality))
        image = cv2.imdecode(packed, cv2.IMREAD_COLOR)
    return image


@lru_cache(maxsize=1)
def _noise_bank() -> np.ndarray:
    """Drawn once: a part of it at a random place is as good as fresh noise and costs nothing."""
    return np.random.default_rng(7).standard_normal(1 << 21, np.float32)


def _noise(rng: random.Random, height: int, width: int, channels: int) -> np.ndarray:
    bank, size = _noise_bank(), height * width * channels
    if size > len(bank):
        return np.random.default_rng(rng.getrandbits(32)).standard_normal((height, width, channels), np.float32)
    start = rng.randint(0, len(bank) - size)
    return bank[start : start + size].reshape(height, width, channels)


def _shadow(rng: random.Random, height: int, width: int) -> np.ndarray:
    mask = np.ones((height, width), np.float32)
    points = np.array([[rng.uniform(-0.3, 1.3) * width, rng.uniform(-0.3, 1.3) * height] for _ in range(4)], np.int32)
    cv2.fillConvexPoly(mask, cv2.convexHull(points), rng.uniform(0.3, 0.75))
    return cv2.GaussianBlur(mask, (0, 0), rng.uniform(0.5, 3))[:, :, None]


def _glare(rng: random.Random, height: int, width: int) -> np.ndarray:
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    cx, cy = rng.uniform(0, width), rng.uniform(0, height)
    spread = rng.uniform(0.08, 0.45) * width
    spot = np.exp(-((x - cx) ** 2 + (y - cy) ** 2 * rng.uniform(0.5, 4)) / (2 * spread * spread))
    return (spot * rng.uniform(60, 220))[:, :, None]


def _blur(rng: random.Random, image: np.ndarray, hardness: float, width: float) -> np.ndarray:
    if rng.random() < 0.6:
        return cv2.GaussianBlur(image, (0, 0), 0.3 + abs(rng.gauss(0, 0.004 + 0.010 * hardness)) * width)
    length = 1 + abs(rng.gauss(0, 0.012 + 0.025 * hardness)) * width
    size = int(length) | 1
    if size < 3:
        return image
    kernel = np.zeros((size, size), np.float32)
    angle = rng.gauss(0, 0.5) if rng.random() < 0.6 else rng.uniform(0, math.pi)
    dx, dy = math.cos(angle) * size / 2, math.sin(angle) * size / 2
    c = size / 2
    cv2.line(kernel, (int(c - dx), int(c - dy)), (int(c + dx), int(c + dy)), 1, 1)
    return cv2.filter2D(image, -1, kernel / max(1e-6, kernel.sum()))
