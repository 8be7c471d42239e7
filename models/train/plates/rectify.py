"""Cuts a plate out of a picture as `edge/perceive/plates` does: one straight line of 160×48 pixels."""

import cv2
import numpy as np

WIDTH, HEIGHT = 160, 48
#: The rows of a two-row plate as parts of its rectangle (left, top, right, bottom), and the width of the upper one in the line.
UPPER = (0.13, 0.02, 0.87, 0.40)
LOWER = (0.0, 0.38, 1.0, 1.0)
UPPER_WIDTH = 52


def rectify(picture: np.ndarray, corners: np.ndarray, rows: int) -> np.ndarray:
    """`picture` RGB uint8, `corners` [4, 2] clockwise from the top left; gives uint8 [48, 160, 3]."""
    if rows == 1:
        return _warp(picture, corners, WIDTH)
    upper = _warp(picture, part(corners, UPPER), UPPER_WIDTH)
    lower = _warp(picture, part(corners, LOWER), WIDTH - UPPER_WIDTH)
    return np.hstack([upper, lower])


def part(corners: np.ndarray, box: tuple[float, float, float, float]) -> np.ndarray:
    """Corners of a part of the plate, by bilinear interpolation."""
    left, top, right, bottom = box
    return np.array([_at(corners, u, v) for u, v in ((left, top), (right, top), (right, bottom), (left, bottom))], np.float32)


def _at(corners: np.ndarray, u: float, v: float) -> np.ndarray:
    return (1 - v) * ((1 - u) * corners[0] + u * corners[1]) + v * ((1 - u) * corners[3] + u * corners[2])


def _warp(picture: np.ndarray, corners: np.ndarray, width: int) -> np.ndarray:
    target = np.array([[0, 0], [width, 0], [width, HEIGHT], [0, HEIGHT]], np.float32)
    matrix = cv2.getPerspectiveTransform(np.asarray(corners, np.float32) - 0.5, target - 0.5)
    return cv2.warpPerspective(picture, matrix, (width, HEIGHT), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT)
