"""Draws what proposers take for faces: characters and numbers, emblems, hands."""

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from wear import random_colour

_FONT = "/usr/share/fonts/opentype/noto/NotoSansCJK-Bold.ttc"
_CHARACTERS = "福国武汉心安防疫检查中人口大院医工学东西出入请停车收费北京上海ABCDEGHKMPRSTUW0123456789©@&%"


def draw_lookalike(ground: np.ndarray, rng) -> np.ndarray:
    """One of them in the middle of `ground` (square, BGR uint8), about a third as wide."""
    canvas = cv2.GaussianBlur(ground, (0, 0), rng.uniform(0.5, 6))
    if rng.random() < 0.4:
        canvas[:] = random_colour(rng).clip(0, 255)
    pick = rng.random()
    if pick < 0.4:
        return _character(canvas, rng)
    if pick < 0.65:
        return _character(_emblem(canvas, rng), rng, part=0.6)
    return _hand(canvas, rng)


def _character(canvas, rng, part=1.0):
    size = int(canvas.shape[0] * rng.uniform(0.22, 0.5) * part)
    text = "".join(_CHARACTERS[rng.integers(len(_CHARACTERS))] for _ in range(rng.integers(1, 3)))
    image = Image.fromarray(canvas)
    draw = ImageDraw.Draw(image)
    font = ImageFont.truetype(_FONT, size)
    middle = tuple(canvas.shape[0] / 2 + rng.normal(0, size * 0.15, 2))
    draw.text(middle, text, fill=tuple(int(v) for v in rng.integers(0, 256, 3)), font=font, anchor="mm")
    return np.array(image)


def _emblem(canvas, rng):
    middle = canvas.shape[0] / 2 + rng.normal(0, 3, 2)
    reach = canvas.shape[0] * rng.uniform(0.14, 0.26)
    for _ in range(rng.integers(1, 5)):
        axes = reach * rng.uniform(0.8, 1.2, 2)
        colour = tuple(int(v) for v in rng.integers(0, 256, 3))
        cv2.ellipse(canvas, _whole(middle), _whole(axes), 0, 0, 360, colour, int(rng.choice((-1, 1, 2, 3))), cv2.LINE_AA)
        reach *= rng.uniform(0.55, 0.9)
    return canvas


def _hand(canvas, rng):
    """A palm and fingers in a colour of skin, lit from one side."""
    size = canvas.shape[0]
    skin = np.array([rng.uniform(90, 190), rng.uniform(120, 205), rng.uniform(165, 245)]) * rng.uniform(0.5, 1.05)
    cover = np.zeros((size, size), np.uint8)
    middle = size / 2 + rng.normal(0, size * 0.03, 2)
    palm = size * rng.uniform(0.1, 0.2, 2)
    turn = rng.uniform(0, 2 * np.pi)
    cv2.ellipse(cover, _whole(middle), _whole(palm), float(np.rad2deg(turn)), 0, 360, 255, -1, cv2.LINE_AA)
    lines = np.zeros_like(cover)
    for finger in range(rng.integers(0, 6)):
        angle = turn + rng.normal(0, 0.15) + (finger - 2) * rng.uniform(0.1, 0.35)
        along = np.array([np.cos(angle), np.sin(angle)])
        tip = middle + along * palm.max() * rng.uniform(1.1, 2.1)
        cv2.line(cover, _whole(middle), _whole(tip), 255, max(1, int(palm.min() * rng.uniform(0.3, 0.6))), cv2.LINE_AA)
        cv2.line(lines, _whole(middle + along * palm.max() * 0.5), _whole(tip), 255, 1, cv2.LINE_AA)
    y, x = np.mgrid[0:size, 0:size].astype(np.float32) / size - 0.5
    angle = rng.uniform(0, 2 * np.pi)
    light = 1 + rng.uniform(0, 1.2) * (x * np.cos(angle) + y * np.sin(angle)) - 0.3 * cv2.GaussianBlur(lines, (0, 0), 0.8).astype(np.float32) / 255
    share = cv2.GaussianBlur(cover, (0, 0), 0.7).astype(np.float32)[..., None] / 255
    return np.clip(canvas * (1 - share) + skin * light[..., None] * share, 0, 255).astype(np.uint8)


def _whole(pair) -> tuple[int, int]:
    return tuple(int(round(float(v))) for v in pair)
