"""Keeps hash, size and fitted parameters of a model's manifest in step with its file."""

import json
import os
import sys
from pathlib import Path

sys.path.append(os.path.join(os.path.dirname(__file__), ".."))
from exported import fingerprint


def update_manifest(folder: str, file: str, parameters: dict, labels: list[str] | None = None) -> None:
    path = os.path.join(folder, "manifest.json")
    with open(path, encoding="utf-8") as source:
        manifest = json.load(source)
    manifest.update(fingerprint(Path(folder, file)))
    manifest["parameters"].update(parameters)
    if labels:
        manifest["labels"] = labels
    with open(path, "w", encoding="utf-8") as target:
        json.dump(manifest, target, ensure_ascii=False, indent=2)
        target.write("\n")
