"""Keeps hash, size and fitted parameters of a model's manifest in step with its file."""

import hashlib
import json
import os


def update_manifest(folder: str, file: str, parameters: dict, labels: list[str] | None = None) -> None:
    path = os.path.join(folder, "manifest.json")
    with open(path, encoding="utf-8") as source:
        manifest = json.load(source)
    content = open(os.path.join(folder, file), "rb").read()
    manifest.update({"file": file, "sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)})
    manifest["parameters"].update(parameters)
    if labels:
        manifest["labels"] = labels
    with open(path, "w", encoding="utf-8") as target:
        json.dump(manifest, target, ensure_ascii=False, indent=2)
        target.write("\n")
