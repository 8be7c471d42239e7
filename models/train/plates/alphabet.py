"""The characters of Chinese plates and the grammar of their texts (GA 36-2018)."""

import random

PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
DIGITS = "0123456789"
SERIAL = LETTERS + DIGITS
SPECIALS = "学挂警港澳使领应急民航"

#: Column 0 of the network is CTC's blank, column i + 1 is LABELS[i], the last one is any other character.
LABELS = PROVINCES + LETTERS + DIGITS + SPECIALS
BLANK = 0
COLUMNS = len(LABELS) + 1

#: What the plate's background is, in the order of the colour head; "other" is no Chinese plate.
COLOURS = ("blue", "yellow", "green", "white", "black", "other")

#: Authority letters in use. A fifth of the training texts ignores them, so that they stay a hint.
AUTHORITY_LETTERS = {
    "京": "ABCEFGHJKLMNPQY", "津": "ABCDEFGHJKLMNQR", "沪": "ABCDEFGHJKLMNR", "渝": "ABCDFGHN",
    "冀": "ABCDEFGHJRT", "豫": "ABCDEFGHJKLMNPQRSUV", "云": "ACDEFGHJKLMNPQRS", "辽": "ABCDEFGHJKLMNP",
    "黑": "ABCDEFGHJKLMNPR", "湘": "ABCDEFGHJKLMNSU", "皖": "ABCDEFGHJKLMNPQRS", "鲁": "ABCDEFGHJKLMNPQRSUVWY",
    "新": "ABCDEFGHJKLMNPQRS", "苏": "ABCDEFGHJKLMNU", "浙": "ABCDEFGHJKL", "赣": "ABCDEFGHJKLM",
    "鄂": "ABCDEFGHJKLMNPQRSW", "桂": "ABCDEFGHJKLMNPR", "甘": "ABCDEFGHJKLMNP", "晋": "ABCDEFHJKLM",
    "蒙": "ABCDEFGHJKLM", "陕": "ABCDEFGHJKUV", "吉": "ABCDEFGHJKL", "闽": "ABCDEFGHJK", "贵": "ABCDEFGHJ",
    "粤": "ABCDEFGHJKLMNPQRSTUVWXYZ", "青": "ABCDEFGH", "藏": "ABCDEFGHJ", "川": "ABCDEFGHJKLMNPQRSTUVWXYZ",
    "宁": "ABCDE", "琼": "ABCDEF",
}

#: Class of a plate: its share of the training samples.
CLASS_SHARES = {
    "small_car": 0.50, "small_new_energy": 0.20, "large_new_energy": 0.02, "large_vehicle": 0.07,
    "large_vehicle_two_rows": 0.06, "driving_school": 0.02, "trailer": 0.02, "police": 0.03,
    "hong_kong_macao": 0.02, "consulate": 0.01, "embassy": 0.01, "armed_police": 0.01, "emergency": 0.01,
    "military": 0.01, "civil_aviation": 0.01,
}


def _serial(rng: random.Random, length: int) -> str:
    """Mostly digits, at most two letters as on real plates; now and then anything."""
    if rng.random() < 0.2:
        return "".join(rng.choice(SERIAL) for _ in range(length))
    letters = rng.choice((0, 0, 1, 1, 1, 2, 2))
    places = rng.sample(range(length), min(letters, length))
    return "".join(rng.choice(LETTERS if i in places else DIGITS) for i in range(length))


def _head(rng: random.Random) -> str:
    province = rng.choice(PROVINCES)
    letters = LETTERS if rng.random() < 0.2 else AUTHORITY_LETTERS[province]
    return province + rng.choice(letters)


def _digits(rng: random.Random, length: int) -> str:
    return "".join(rng.choice(DIGITS) for _ in range(length))


def random_text(rng: random.Random, kind: str) -> str:
    """A text of this class, provinces evenly drawn."""
    if kind in ("small_car", "large_vehicle", "large_vehicle_two_rows"):
        return _head(rng) + _serial(rng, 5)
    if kind == "small_new_energy":
        return _head(rng) + rng.choice("DDDDFFFABCEGHJK") + rng.choice(SERIAL if rng.random() < 0.4 else DIGITS) + _digits(rng, 4)
    if kind == "large_new_energy":
        return _head(rng) + _digits(rng, 5) + rng.choice("DDDFFFABCEGHJK")
    if kind in ("driving_school", "trailer", "police", "consulate"):
        last = {"driving_school": "学", "trailer": "挂", "police": "警", "consulate": "领"}[kind]
        return _head(rng) + _serial(rng, 4) + last
    if kind == "hong_kong_macao":
        return "粤Z" + _serial(rng, 4) + rng.choice("港澳")
    if kind == "embassy":
        return "使" + _digits(rng, 6) if rng.random() < 0.3 else _digits(rng, 6) + "使"
    if kind == "armed_police":
        return "WJ" + rng.choice(PROVINCES) + _serial(rng, rng.choice((4, 5)))
    if kind == "emergency":
        return rng.choice(PROVINCES) + rng.choice("XS") + _digits(rng, 4) + "应急"
    if kind == "military":
        return rng.choice(LETTERS) + rng.choice(LETTERS) + _digits(rng, 5)
    if kind == "civil_aviation":
        return "民航" + rng.choice(LETTERS) + _digits(rng, 4)
    raise ValueError(kind)


def random_class(rng: random.Random) -> str:
    return rng.choices(list(CLASS_SHARES), list(CLASS_SHARES.values()))[0]


def encode(text: str) -> list[int]:
    """CTC targets; a character outside LABELS raises ValueError."""
    return [LABELS.index(character) + 1 for character in text]
