"""SCORM 1.2 packages: their manifest read safely, the data model of their run time, what a report of one means.

Pure: no database. A package is somebody else's program that runs in the learner's browser and says by itself how it
went. It is shown from another origin (`options`), and what it says is checked for its form (`reporting`) and believed
for no more than it is: `docs/scorm.md`.

    from training.scorm import read_package, elements, reporting

    package = read_package(file)          # raises PackageError in a sentence
    for path, content in package.files(): ...
"""

from __future__ import annotations

from training.scorm.manifest import Manifest, Sco, read_manifest
from training.scorm.opening import LARGEST, Package, check_size, is_package, paths_in, read_package
from training.scorm.options import ScormOptions

__all__ = [
    "LARGEST",
    "Manifest",
    "Package",
    "Sco",
    "ScormOptions",
    "check_size",
    "is_package",
    "paths_in",
    "read_manifest",
    "read_package",
]
