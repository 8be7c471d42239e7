"""Makes the table of real crops from labelled pictures and from the readings of another reader that agree.

    npm run --silent edge -- analyze FOLDER … --json > READINGS.jsonl
    python real_crops.py --readings READINGS.jsonl --out crops.tsv --held held.tsv --labels EASYPR/labels.tsv HYPERLPR/labels.tsv

A human label is taken as it is, unless it is every sixth picture of its folder: those go to `--held`, for validation. A
machine's label is taken only when the reader agrees; no label only when the reader is sure of every character.
"""

import argparse
import csv
import json
import os

from alphabet import LABELS


def main() -> None:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--readings", required=True)
    arguments.add_argument("--out", required=True)
    arguments.add_argument("--held", required=True)
    arguments.add_argument("--labels", nargs="*", default=[])
    options = arguments.parse_args()
    human, machine, held = _labels(options.labels)
    counts = {"human": 0, "agreed": 0, "sure": 0, "left": 0}
    with open(options.out, "w", encoding="utf-8", newline="") as out, open(options.held, "w", encoding="utf-8", newline="") as apart:
        writer, kept = csv.writer(out, delimiter="\t"), csv.writer(apart, delimiter="\t")
        for line in open(options.readings, encoding="utf-8"):
            seen = json.loads(line)
            name = os.path.basename(seen["file"])
            best = next((plate for plate in seen.get("plates", []) if plate["text"]), None)
            row, sureness = None, [c["confidence"] for c in best["characters"]] if best else [0]
            if name in held:
                kept.writerow(_row(seen, _whole(seen), human[name], _colour(best, human[name]), 1))
                continue
            if name in human:
                agrees = best is not None and best["text"] == human[name]
                corners = best["corners"] if agrees and _width(best["corners"]) > 0.6 * seen["width"] else _whole(seen)
                row, kind = (corners, human[name], _colour(best, human[name]), 1), "human"
            elif best and name in machine and best["text"] == machine[name] and best["confidence"] > 0.8:
                row, kind = (best["corners"], best["text"], _colour(best, best["text"]), best["rows"]), "agreed"
            elif best and name not in machine and min(sureness) > 0.85 and sureness[0] > 0.95 and best["score"] > 0.6:
                row, kind = (best["corners"], best["text"], _colour(best, best["text"]), best["rows"]), "sure"
            if row is None or any(character not in LABELS for character in row[1]):
                counts["left"] += 1
                continue
            counts[kind] += 1
            writer.writerow(_row(seen, *row))
    print(counts)


def _row(seen, corners, text: str, colour: str, rows: int) -> list:
    return [seen["file"], *[f"{v:.2f}" for corner in corners for v in corner], text, colour, rows]


def _labels(tables: list[str]):
    human, machine, held = {}, {}, set()
    for table in tables:
        with open(table, encoding="utf-8") as file:
            rows = list(csv.DictReader(file, delimiter="\t"))
        by_hand = "text" in rows[0]
        names = sorted(os.path.basename(row["file" if "file" in row else "image"]) for row in rows)
        if by_hand:
            held.update(names[::6])
        for row in rows:
            name = os.path.basename(row["file" if "file" in row else "image"])
            (human if by_hand else machine)[name] = row["text" if by_hand else "text_machine"]
    return human, machine, held


def _whole(seen):
    width, height = seen["width"], seen["height"]
    return [[0, 0], [width, 0], [width, height], [0, height]]


def _width(corners) -> float:
    return abs(corners[1][0] - corners[0][0])


def _colour(best, text: str) -> str:
    if len(text) == 8:
        return "green"
    return best["colour"] if best and best["colour"] != "unknown" else "blue"


if __name__ == "__main__":
    main()
