"""Draws plates by GA 36-2018, 1 pixel per millimetre, with the variety of real ones.

Glyphs: pictures of the real letterforms (folder `font_model`, dark on light); 应 急 民 航, which it lacks, come from a
system font with Chinese outlines.
"""

import os
import random
from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from alphabet import LETTERS, PROVINCES, random_class, random_text

SYSTEM_FONT = "/usr/share/fonts/opentype/noto/NotoSansCJK-Bold.ttc"


@dataclass
class Plate:
    """`picture`: RGB uint8 [height, width, 3], exactly the plate; `rows` 1 or 2; `colour` one of alphabet.COLOURS."""

    picture: np.ndarray
    text: str
    kind: str
    rows: int
    colour: str


#: Folder names of the photographed province characters.
_PHOTOGRAPHED = {
    "zh_cuan": "川", "zh_e": "鄂", "zh_gan": "赣", "zh_gan1": "甘", "zh_gui": "贵", "zh_gui1": "桂", "zh_hei": "黑",
    "zh_hu": "沪", "zh_ji": "冀", "zh_jin": "津", "zh_jing": "京", "zh_jl": "吉", "zh_liao": "辽", "zh_lu": "鲁",
    "zh_meng": "蒙", "zh_min": "闽", "zh_ning": "宁", "zh_qing": "青", "zh_qiong": "琼", "zh_shan": "陕", "zh_su": "苏",
    "zh_sx": "晋", "zh_wan": "皖", "zh_xiang": "湘", "zh_xin": "新", "zh_yu": "豫", "zh_yu1": "渝", "zh_yue": "粤",
    "zh_yun": "云", "zh_zang": "藏", "zh_zhe": "浙",
}


class Glyphs:
    """Masks of the letterforms, 0 (ground) to 255 (ink). `photographed`: folder of grey pictures of province characters."""

    def __init__(self, folder: str, photographed: str | None = None):
        self._folder = folder
        self._photographed: dict[str, list[np.ndarray]] = {}
        for name, character in _PHOTOGRAPHED.items() if photographed else ():
            files = sorted(os.scandir(os.path.join(photographed, name)), key=lambda entry: entry.name)
            self._photographed[character] = [cv2.imread(file.path, cv2.IMREAD_GRAYSCALE) for file in files]

    def photographed(self, rng: random.Random, character: str, width: int, height: int) -> np.ndarray | None:
        """A real picture of the character as a mask, blurred and noisy as the camera gave it."""
        pictures = self._photographed.get(character)
        if not pictures:
            return None
        picture = cv2.resize(rng.choice(pictures), (width, height), interpolation=cv2.INTER_CUBIC).astype(np.float32)
        low, high = np.percentile(picture, (8, 96))
        return np.clip((picture - low) * 255 / max(8.0, high - low), 0, 255).astype(np.uint8)

    @lru_cache(maxsize=4096)
    def mask(self, names: tuple[str, ...], character: str, width: int, height: int) -> np.ndarray:
        """The first of `names` that exists as `NAME_CHARACTER.jpg`, scaled."""
        for name in names:
            path = os.path.join(self._folder, f"{name}_{character}.jpg")
            if os.path.exists(path):
                picture = 255 - cv2.imdecode(np.fromfile(path, np.uint8), cv2.IMREAD_GRAYSCALE)
                return cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA)
        return self._from_system_font(character, width, height)

    def _from_system_font(self, character: str, width: int, height: int) -> np.ndarray:
        image = Image.new("L", (200, 200))
        ImageDraw.Draw(image).text((20, 0), character, 255, font=ImageFont.truetype(SYSTEM_FONT, 140))
        return np.asarray(image.crop(image.getbbox()).resize((width, height), Image.BILINEAR))


_HUES = {  # RGB of ground and ink, before the variation
    "blue": ((12, 60, 165), (248, 248, 250)),
    "yellow": ((240, 180, 30), (18, 18, 18)),
    "green": ((110, 205, 130), (18, 22, 20)),
    "white": ((240, 240, 238), (20, 20, 22)),
    "black": ((22, 22, 25), (245, 245, 245)),
}
_RED = (200, 25, 35)

_COLOUR_OF = {
    "small_car": "blue", "small_new_energy": "green", "large_new_energy": "green", "large_vehicle": "yellow",
    "large_vehicle_two_rows": "yellow", "driving_school": "yellow", "trailer": "yellow", "police": "white",
    "hong_kong_macao": "black", "consulate": "black", "embassy": "black", "armed_police": "white",
    "emergency": "white", "military": "white", "civil_aviation": "green",
}


def draw_plate(rng: random.Random, glyphs: Glyphs, text: str, kind: str) -> Plate:
    """One plate; the same generator state gives the same picture."""
    colour = _COLOUR_OF[kind]
    two_rows = kind == "large_vehicle_two_rows" or (kind in ("trailer", "driving_school", "military", "police") and rng.random() < 0.35)
    ground, ink = (_vary(rng, c, 26) for c in _HUES[colour])
    width = 480 if kind.endswith("new_energy") else 440
    height = 220 if two_rows else 140
    picture = _ground(rng, kind, width, height, ground)
    inset = rng.choice((4, 5, 6))
    if rng.random() < 0.85:
        cv2.rectangle(picture, (inset, inset), (width - 1 - inset, height - 1 - inset), ink, rng.choice((2, 3, 3, 4)), cv2.LINE_AA)
    weight = max(-1.4, min(0.5, rng.gauss(-0.1, 0.6)))
    boxes = _two_rows(text) if two_rows else _one_row(text, kind, rng)
    for index, (character, box, fonts) in enumerate(boxes):
        red = _is_red(kind, index, character, text)
        mask = None
        if colour in ("blue", "green") and character in PROVINCES and rng.random() < 0.3:
            mask = glyphs.photographed(rng, character, box[2], box[3])
        if mask is None:
            mask = _styled(glyphs.mask(fonts, character, box[2], box[3]), weight)
        _ink(picture, mask, box, _vary(rng, _RED, 25) if red else ink, rng)
    if not kind.endswith("new_energy") and kind not in ("armed_police",) and rng.random() < 0.9:
        centre = (width // 2, 45) if two_rows else (133 + rng.randint(-2, 2), 70)
        cv2.circle(picture, centre, rng.choice((4, 5, 6)), ink, -1, cv2.LINE_AA)
    _screws(rng, picture)
    return Plate(picture, text, kind, 2 if two_rows else 1, colour)


class DrawnPlates:
    """An endless, seeded stream of plates of all classes. A drawn plate is given a few times: drawing costs more than the
    camera. `kept` plates are held; a share of `fresh` is drawn anew."""

    def __init__(self, rng: random.Random, glyphs: Glyphs, kept: int, fresh: float):
        self._rng, self._glyphs, self._kept, self._fresh = rng, glyphs, kept, fresh
        self._drawn: list[Plate] = []

    def next(self) -> Plate:
        rng = self._rng
        if len(self._drawn) < self._kept // 4 or rng.random() < self._fresh:
            kind = random_class(rng)
            self._drawn.append(draw_plate(rng, self._glyphs, random_text(rng, kind), kind))
            if len(self._drawn) > self._kept:
                self._drawn.pop(rng.randrange(len(self._drawn)))
        return rng.choice(self._drawn)


def _ground(rng: random.Random, kind: str, width: int, height: int, ground) -> np.ndarray:
    picture = np.empty((height, width, 3), np.uint8)
    picture[:] = ground
    if kind == "small_new_energy":
        top = np.array(_vary(rng, (238, 246, 240), 14), np.float32)
        bottom = np.array(_vary(rng, (85, 195, 110), 35), np.float32)
        bend = rng.uniform(0.6, 1.6)
        t = (np.linspace(0, 1, height, dtype=np.float32) ** bend)[:, None, None]
        picture[:] = (top * (1 - t) + bottom * t).astype(np.uint8)
    if kind == "large_new_energy":
        picture[:, :158] = _vary(rng, _HUES["yellow"][0], 20)
    return picture


def _one_row(text: str, kind: str, rng: random.Random):
    """Character, box [left, top, width, height] in millimetres, and the font names to try."""
    boxes = []
    if kind.endswith("new_energy"):
        left = 15.5
        for index, character in enumerate(text):
            w = 45 if index == 0 else 43
            boxes.append((character, (round(left), 25, w, 90), ("green", "140")))
            left += w + (49 if index == 1 else 9)
        return boxes
    count = len(text)
    step = 57 if count == 7 else (440 - 31 - 45 - 16) / (count - 1)
    gap_after = 2 if kind == "armed_police" else 0 if kind == "embassy" and text[0] != "使" else 1
    for index, character in enumerate(text):
        left = 15.5 + index * step + ((22 if count == 7 else 16) if index > gap_after else 0)
        boxes.append((character, (round(left), 25, 45 if count == 7 else 40, 90), ("140", "220")))
    return boxes


def _two_rows(text: str):
    boxes = []
    for index, character in enumerate(text):
        if index < 2:
            boxes.append((character, (110 if index == 0 else 250, 15, 80, 60), ("220_up", "220", "140")))
        else:
            boxes.append((character, (28 + (index - 2) * 80, 90, 65, 110), ("220_down", "220", "140")))
    return boxes


def _is_red(kind: str, index: int, character: str, text: str) -> bool:
    if kind == "military":
        return character in LETTERS
    if kind == "armed_police":
        return index < 2 or character in PROVINCES
    return character in "警应急使领" and kind in ("police", "emergency", "embassy", "consulate")


def _styled(mask: np.ndarray, weight: float) -> np.ndarray:
    """Thinner or bolder strokes: a blurred mask cut at another level."""
    if abs(weight) < 0.25:
        return mask
    blurred = cv2.GaussianBlur(mask, (0, 0), 2.2).astype(np.float32)
    level = 128 - weight * 38
    return np.clip((blurred - level) * 4 + 128, 0, 255).astype(np.uint8)


def _ink(picture: np.ndarray, mask: np.ndarray, box, ink, rng: random.Random) -> None:
    left, top, width, height = box
    left = min(max(0, left + rng.randint(-1, 1)), picture.shape[1] - width)
    top = min(max(0, top + rng.randint(-1, 1)), picture.shape[0] - height)
    area = picture[top : top + height, left : left + width]
    share = mask[:, :, None].astype(np.uint16)
    area[:] = ((area * (255 - share) + np.array(ink, np.uint16) * share) // 255).astype(np.uint8)


def _screws(rng: random.Random, picture: np.ndarray) -> None:
    height, width = picture.shape[:2]
    if rng.random() < 0.15:
        return
    tone = rng.randint(60, 230)
    for x in (95, width - 95):
        for y in (12, height - 12):
            if rng.random() < 0.75:
                at = (x + rng.randint(-4, 4), y + rng.randint(-2, 2))
                cv2.circle(picture, at, rng.randint(4, 8), (tone, tone, tone), -1, cv2.LINE_AA)


def _vary(rng: random.Random, colour, amount: int) -> tuple[int, int, int]:
    shade = rng.gauss(0, amount * 0.5)
    return tuple(int(min(255, max(0, c + shade + rng.gauss(0, amount * 0.4)))) for c in colour)
