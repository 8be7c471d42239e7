"""Training pictures of the detector: windows of real photographs with their plates, with a drawn plate put over each, or
with drawn plates put anywhere."""

import math
import os
import random
from dataclasses import dataclass

import cv2
import numpy as np

from camera import dirty, expose, look_at, mount
from photographs import Mark, Photograph, box
from plate_art import DrawnPlates, Glyphs
from samples import Backdrops

SIDE = 192
#: Of the scenes without a plate or with one whose corners are known, so many are seen from the front.
_FRONTAL = 0.4


@dataclass
class Scene:
    """`picture` uint8 [SIDE, SIDE, 3] RGB; plates in its pixels; `ignored` corners of what is neither plate nor none."""

    picture: np.ndarray
    plates: list[Mark]
    ignored: list[np.ndarray]


class Scenes:
    """An endless, seeded stream of scenes."""

    def __init__(self, seed: int, templates: str, photographs: list[Photograph], backdrops: Backdrops):
        self._rng = random.Random(seed)
        self._plates = DrawnPlates(self._rng, Glyphs(os.path.join(templates, "font_model")), kept=200, fresh=0.3)
        self._photographs = photographs
        self._with_plates = [p for p in photographs if p.marks]
        self._backdrops = backdrops

    def next(self, hardness: float) -> Scene:
        rng = self._rng
        pick = rng.random()
        if pick < 0.25:
            scene = self._as_it_is()
        elif pick < 0.57:
            scene = self._replaced()
        elif pick < 0.75:
            scene = self._anywhere()
        else:
            scene = self._without()
        for mark in scene.plates:
            if rng.random() < 0.12:
                self._stand_before(scene.picture, mark.corners)
        if rng.random() < 0.1:
            self._write(scene)
        widths = [float(np.ptp(mark.corners[:, 0])) for mark in scene.plates] or [60.0]
        scene.picture = expose(rng, scene.picture, hardness * rng.random(), max(24.0, min(widths)))
        exact = [mark for mark in scene.plates if mark.exact and np.ptp(mark.corners[:, 0]) > 18]
        if (exact or not scene.plates) and rng.random() < _FRONTAL:
            return self._from_front(scene, rng.choice(exact) if exact else self._no_plate())
        return scene

    def _no_plate(self) -> Mark:
        """A place that somebody took for one."""
        rng = self._rng
        width = rng.uniform(20, 120)
        height = width * rng.uniform(0.25, 0.6)
        return Mark(box(rng.uniform(0, SIDE - width), rng.uniform(0, SIDE - height), width, height), True, 1)

    def _from_front(self, scene: Scene, mark: Mark) -> Scene:
        """What the box looks at last: the picture straightened by corners that are nearly those of a plate."""
        rng = self._rng
        rows = 1 if rng.random() < (0.85 if mark.rows == 1 else 0.15) else 2
        width = rng.uniform(92, 130)
        height = width * (140 if rows == 1 else 220) / 440
        flat = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32) + (SIDE - np.array([width, height], np.float32)) / 2
        matrix = cv2.getPerspectiveTransform(_nearly(rng, mark.corners), flat)
        border = rng.choice((cv2.BORDER_CONSTANT, cv2.BORDER_REPLICATE))
        picture = cv2.warpPerspective(scene.picture, matrix, (SIDE, SIDE), flags=cv2.INTER_LINEAR, borderMode=border)
        plates = [Mark(_sent(matrix, m.corners), m.exact, m.rows) for m in scene.plates if m is mark]
        others = [m.corners for m in scene.plates if m is not mark] + scene.ignored
        return Scene(picture, plates, [_sent(matrix, corners) for corners in others if _in_front(matrix, corners)])

    def _as_it_is(self) -> Scene:
        while True:
            photograph = self._rng.choice(self._with_plates)
            if not any(mark.cover for mark in photograph.marks):
                return self._window(photograph, self._rng.choice(photograph.marks))

    def _replaced(self) -> Scene:
        """Every plate of the window under a drawn one: the vehicle, its light and its surroundings are real."""
        photograph = self._rng.choice(self._with_plates)
        scene = self._window(photograph, self._rng.choice(photograph.marks))
        plates = []
        for mark in scene.plates:
            quad, rows = self._lay_over(scene.picture, mark)
            plates.append(Mark(quad, True, rows))
        scene.plates = plates
        return scene

    def _anywhere(self) -> Scene:
        rng = self._rng
        photograph = rng.choice(self._photographs)
        scene = self._window(photograph, None)
        if any(mark.cover for mark in photograph.marks):
            scene.ignored += [mark.corners for mark in scene.plates]
            scene.plates = []
        for _ in range(rng.choice((1, 1, 1, 2, 2, 3))):
            self._paste(scene)
        return scene

    def _without(self) -> Scene:
        rng = self._rng
        if rng.random() < 0.2:
            picture = cv2.resize(self._backdrops.piece(rng), (SIDE, SIDE), interpolation=cv2.INTER_LINEAR)
            return Scene(picture, [], [])
        scene = self._window(rng.choice(self._photographs), None)
        scene.ignored += [mark.corners for mark in scene.plates if mark.cover]
        scene.plates = [mark for mark in scene.plates if not mark.cover]
        return scene

    def _window(self, photograph: Photograph, mark: Mark | None) -> Scene:
        """A square window around `mark` (or anywhere), turned a little when all corners in it are exact."""
        rng = self._rng
        height, width = photograph.picture.shape[:2]
        if mark is not None:
            size = float(mark.corners[:, 0].max() - mark.corners[:, 0].min())
            wanted = 13 * (150 / 13) ** rng.random()
            scale = min(wanted / max(size, 4.0), 2.5)
            centre = mark.corners.mean(0) - (np.array([rng.random(), rng.random()]) - 0.5) * 0.85 * SIDE / scale
        else:
            scale = SIDE / max(height, width) * math.exp(rng.uniform(-0.2, 1.4))
            centre = np.array([rng.uniform(0.1, 0.9) * width, rng.uniform(0.1, 0.9) * height])
        turned = all(m.exact for m in photograph.marks) and rng.random() < 0.5
        angle = math.radians(rng.gauss(0, 7)) if turned else 0.0
        stretch = math.exp(rng.gauss(0, 0.08))
        linear = np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]]) * scale
        linear[1] *= stretch
        source, scaled = photograph.picture, 1.0
        for half in photograph.smaller:
            if scale < 0.75 * scaled:
                source, scaled = half, scaled / 2
        shift = np.array([SIDE / 2, SIDE / 2]) - linear @ centre
        matrix = np.concatenate([linear / scaled, shift[:, None]], 1)
        border = rng.choice((cv2.BORDER_CONSTANT, cv2.BORDER_REPLICATE))
        picture = cv2.warpAffine(source, matrix, (SIDE, SIDE), flags=cv2.INTER_LINEAR, borderMode=border, borderValue=(114, 114, 114))
        plates, ignored = [], []
        for m in photograph.marks:
            corners = (m.corners @ linear.T + shift).astype(np.float32)
            share = _visible(corners)
            if share > 0.9 and corners[:, 0].max() - corners[:, 0].min() > 9:
                plates.append(Mark(corners, m.exact, m.rows, m.cover))
            elif share > 0:
                ignored.append(corners)
        return Scene(picture, plates, ignored)

    def _lay_over(self, picture: np.ndarray, mark: Mark) -> tuple[np.ndarray, int]:
        """A drawn plate large enough to hide the one at `mark`, in its light."""
        rng = self._rng
        plate = self._plates.next()
        low, high = mark.corners.min(0), mark.corners.max(0)
        size = high - low
        height, width = plate.picture.shape[:2]
        unit = float(max(size[0] / width, size[1] / height)) * (1.08 if mark.cover else rng.uniform(1.0, 1.1))
        angle = math.atan2(mark.corners[1, 1] - mark.corners[0, 1], mark.corners[1, 0] - mark.corners[0, 0]) if mark.exact else 0.0
        angle += math.radians(rng.gauss(0, 2.5))
        shear = math.tan(math.radians(rng.gauss(0, 6)))
        half = np.array([width, height], np.float32) * unit / 2
        narrow = 1.0 if mark.cover else rng.uniform(0.8, 1.0) if size[0] / size[1] < width / height else 1.0
        quad = np.array([[-half[0] * narrow, -half[1]], [half[0] * narrow, -half[1]], [half[0] * narrow, half[1]], [-half[0] * narrow, half[1]]], np.float32)
        if mark.cover:
            quad, narrow = quad * np.array([1, 1.25], np.float32), 1.0
        quad[:, 1] += quad[:, 0] * shear * 0.3
        perspective = rng.gauss(0, 0.05)
        quad[:, 1] *= 1 + perspective * quad[:, 0] / half[0]
        turn = np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]], np.float32)
        quad = (quad @ turn.T + (low + high) / 2).astype(np.float32)
        self._blend(picture, plate.picture, quad, light=_light(picture, low, high), frame=rng.random() < 0.5)
        return quad, plate.rows

    def _paste(self, scene: Scene) -> None:
        rng = self._rng
        plate = self._plates.next()
        canvas, corners = mount(rng, plate.picture, self._backdrops.piece(rng), margin=0.05)
        wanted = 13 * (150 / 13) ** rng.random()
        view = look_at(rng, canvas, corners, wanted)
        low, high = view.corners.min(0), view.corners.max(0)
        if (high - low).max() > SIDE * 0.95 or (high - low)[1] < 3.5:
            return
        shift = np.array([rng.uniform(0, SIDE - (high - low)[k]) for k in (0, 1)], np.float32) - low
        quad = view.corners + shift
        if any(_touch(quad, other) for other in [m.corners for m in scene.plates] + scene.ignored):
            return
        self._blend(scene.picture, plate.picture, quad, light=rng.uniform(0.45, 1.1), frame=rng.random() < 0.6)
        scene.plates.append(Mark(quad, True, plate.rows))

    def _blend(self, picture: np.ndarray, plate: np.ndarray, quad: np.ndarray, light: float, frame: bool) -> None:
        rng = self._rng
        if rng.random() < 0.25:
            plate = dirty(rng, plate)
        rim = rng.randint(3, 22) if frame else 0
        tone = rng.choice((14, 25, 40, 120, 180))
        plate = cv2.copyMakeBorder(plate, rim, rim, rim, rim, cv2.BORDER_CONSTANT, value=(tone, tone, tone))
        height, width = plate.shape[:2]
        inner = np.array([[rim, rim], [width - rim, rim], [width - rim, height - rim], [rim, height - rim]], np.float32)
        shrink = min(1.0, 1.3 * float(np.linalg.norm(quad[1] - quad[0])) / width)
        if shrink < 0.7:
            plate = cv2.resize(plate, None, fx=shrink, fy=shrink, interpolation=cv2.INTER_AREA)
            inner = inner * shrink
        lit = np.clip(plate.astype(np.float32) * light * math.exp(rng.gauss(0, 0.12)), 0, 255).astype(np.uint8)
        matrix = cv2.getPerspectiveTransform(inner, quad)
        side = picture.shape[1], picture.shape[0]
        layer = cv2.warpPerspective(lit, matrix, side, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        share = cv2.warpPerspective(np.full(lit.shape[:2], 255, np.uint8), matrix, side, flags=cv2.INTER_LINEAR)
        weight = share[:, :, None].astype(np.float32) / 255
        picture[:] = (picture * (1 - weight) + layer * weight).astype(np.uint8)

    def _stand_before(self, picture: np.ndarray, corners: np.ndarray) -> None:
        """Something hides a part of the plate: a round mirror, a pole, the arm of a barrier. The plate is all of it still."""
        rng = self._rng
        low, high = corners.min(0), corners.max(0)
        size = np.maximum(high - low, 4)
        hidden = np.zeros(picture.shape[:2], np.uint8)
        if rng.random() < 0.5:
            radius = max(2, int(size[1] * rng.uniform(0.3, 1.1)))
            at = (int(low[0] + size[0] * rng.uniform(-0.1, 1.1)), int(low[1] + size[1] * rng.uniform(0, 1)))
            cv2.ellipse(hidden, (at, (2 * radius * rng.uniform(0.7, 1), 2 * radius), rng.uniform(-30, 30)), 255, -1)
        else:
            lies = rng.random() < 0.4
            angle = rng.gauss(0, 0.12) + (0 if lies else math.pi / 2)
            thick = max(1, int(size[1] * rng.uniform(0.12, 0.45 if lies else 0.7)))
            at = low + size * np.array([rng.random(), rng.random()])
            along = np.array([math.cos(angle), math.sin(angle)]) * 2 * SIDE
            cv2.line(hidden, tuple(int(v) for v in at - along), tuple(int(v) for v in at + along), 255, thick)
        cover = cv2.resize(self._backdrops.piece(rng), picture.shape[1::-1], interpolation=cv2.INTER_LINEAR).astype(np.float32)
        if rng.random() < 0.6:
            cover = cover * 0.25 + np.array(rng.choice(((20, 20, 20), (200, 200, 200), (200, 40, 30), (230, 190, 40), (110, 110, 115))), np.float32) * 0.75
        weight = cv2.GaussianBlur(hidden, (0, 0), 0.6)[:, :, None].astype(np.float32) / 255
        picture[:] = (picture * (1 - weight) + cover * weight).astype(np.uint8)

    def _write(self, scene: Scene) -> None:
        """Lettering that is no plate: a burnt-in time, an advert."""
        rng = self._rng
        words = rng.choice(("2024-03-%02d %02d:%02d:%02d" % tuple(rng.randrange(k) for k in (28, 24, 60, 60)), "CAM %02d" % rng.randrange(99), "400-%03d-%04d" % (rng.randrange(1000), rng.randrange(10000)), "TEL 0512 %06d" % rng.randrange(10**6)))
        at = (rng.randint(0, 60), rng.choice((14, 24, SIDE - 8, rng.randint(20, SIDE - 10))))
        size = rng.uniform(0.3, 0.8)
        low = np.array([at[0], at[1] - size * 26], np.float32)
        quad = box(low[0], low[1], len(words) * size * 19, size * 32)
        if any(_touch(quad, mark.corners) for mark in scene.plates):
            return
        ink = rng.choice(((255, 255, 255), (250, 220, 30), (20, 20, 20), (220, 40, 40)))
        cv2.putText(scene.picture, words, at, rng.choice((cv2.FONT_HERSHEY_SIMPLEX, cv2.FONT_HERSHEY_DUPLEX, cv2.FONT_HERSHEY_PLAIN)), size, ink, 1, cv2.LINE_AA)


def _nearly(rng: random.Random, corners: np.ndarray) -> np.ndarray:
    """Corners as a first look gives them: shifted, too large or small, sheared, each a little off."""
    middle = corners.mean(0)
    across, down = (corners[1] + corners[2] - corners[0] - corners[3]) / 2, (corners[2] + corners[3] - corners[0] - corners[1]) / 2
    error = math.exp(rng.gauss(-3.0, 0.6))
    off = lambda: rng.gauss(0, error)
    out = middle + (corners - middle) * np.array([math.exp(off()), math.exp(off())], np.float32)
    along, shear = out - middle, (off() * 1.5, off() * 1.5)
    unit = np.array([max(np.ptp(corners[:, 0]), 1), max(np.ptp(corners[:, 1]), 1)], np.float32)
    part = along / unit
    out = out + np.stack([part[:, 1] * unit[0] * shear[0], part[:, 0] * unit[1] * shear[1]], 1) + across * off() + down * off()
    return (out + np.array([[off() * unit[0] * 0.5, off() * unit[1] * 0.5] for _ in range(4)])).astype(np.float32)


def _sent(matrix: np.ndarray, corners: np.ndarray) -> np.ndarray:
    return cv2.perspectiveTransform(corners[None].astype(np.float32), matrix)[0]


def _in_front(matrix: np.ndarray, corners: np.ndarray) -> bool:
    """Not behind the horizon, where a homography turns points inside out."""
    return bool((np.concatenate([corners, np.ones((4, 1))], 1) @ matrix[2] > 0.2).all())


def _light(picture: np.ndarray, low: np.ndarray, high: np.ndarray) -> float:
    """How bright the photograph is where the plate was, as a factor of a plate in daylight."""
    x0, y0 = np.clip(low.astype(int), 0, SIDE - 2)
    x1, y1 = np.clip(np.ceil(high).astype(int), [x0 + 1, y0 + 1], SIDE)
    patch = picture[y0:y1, x0:x1]
    return float(np.clip(np.percentile(patch.mean(2), 85) / 190, 0.25, 1.25))


def _visible(corners: np.ndarray) -> float:
    low, high = corners.min(0), corners.max(0)
    inside = np.clip(np.minimum(high, SIDE) - np.maximum(low, 0), 0, None)
    return float(inside.prod() / max(1e-6, (high - low).prod()))


def _touch(a: np.ndarray, b: np.ndarray) -> bool:
    return bool(np.all(np.minimum(a.max(0), b.max(0)) + 4 > np.maximum(a.min(0), b.min(0))))


