"""The pose models: where they come from, and that they are the right ones.

No Python wheel carries them, and fetching them from the vendor's servers fails behind many a
firewall. The official npm package carries the networks, and the lockfile in ``frontend/`` brings
it with its checksum; the bundle is put together from it once, without the segmentation mask that
nobody uses, checked, and kept in the user's cache. The checksum is checked at each use: a bundle
that an earlier version kept there is made anew.
"""

from __future__ import annotations

import difflib
import hashlib
import os
import zipfile
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from formcheck.errors import FormcheckError
from formcheck.files import replace_when_done
from formcheck.pose.bundle import DETECTOR_ENTRY, LANDMARKS_ENTRY, assemble

NPM_PACKAGE = "@mediapipe/pose"
NPM_VERSION = "0.5.1675469404"

# Where to look, and what to use, when the person says nothing on the command line.
CACHE_VARIABLE = "FORMCHECK_CACHE"
PACKAGE_VARIABLE = "FORMCHECK_POSE_PACKAGE"
MODEL_VARIABLE = "FORMCHECK_MODEL"
DEFAULT_MODEL = "full"


@dataclass(frozen=True, slots=True)
class Part:
    """One network as the npm package has it.

    Attributes
    ----------
    file
        Its name in the package.
    sha256
        Its checksum, hexadecimal.
    """

    file: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Model:
    """One of the pose landmarker's models.

    Attributes
    ----------
    name
        How it is asked for: ``lite``, ``full`` or ``heavy``.
    landmarks
        Its landmark network; the person detector is the same for all.
    bytes
        The size of the finished bundle.
    sha256
        The finished bundle's checksum, hexadecimal.
    note
        What it is good for, with its speed against that of ``full``: processor time a frame at
        720p, one core, 2026.
    """

    name: str
    landmarks: Part
    bytes: int
    sha256: str
    note: str

    @property
    def file(self) -> str:
        """The bundle's file name in the cache."""
        return f"pose_landmarker_{self.name}.task"


@dataclass(frozen=True, slots=True)
class ModelStatus:
    """Whether a model can be used here.

    Attributes
    ----------
    name, bytes, sha256, note
        As in `Model`.
    path
        Where the bundle is kept, or will be.
    available
        Whether `model_path` will give it.
    detail
        ``ready``, or that it will be assembled at first use, or what to do to get it.
    """

    name: str
    bytes: int
    sha256: str
    note: str
    path: Path
    available: bool
    detail: str


# Taken from the package named above; the bundles' are those that `assemble` makes of them.
DETECTOR = Part(
    "pose_solution_packed_assets.data",  # despite its name, this is the one TFLite file
    "a63c614bef30d35947f13be361820b1e4e3bec9cfeebf4d11216a18373108e85",
)
MODELS: dict[str, Model] = {
    model.name: model
    for model in (
        Model(
            "lite",
            Part(
                "pose_landmark_lite.tflite",
                "f17bfbecadb61c3be1baa8b8d851cc6619c870a87167b32848ad20db306b9d61",
            ),
            5789702,
            "c392fa42af406873a732cd4a59e6c9a2f4638a34c5b6132bfdaa8a19104585d6",
            "fastest (1.5 times as fast as full), least exact",
        ),
        Model(
            "full",
            Part(
                "pose_landmark_full.tflite",
                "e9a5c5cb17f736fafd4c2ec1da3b3d331d6edbe8a0d32395855aeb2cdfd64b9f",
            ),
            9410774,
            "a0472d2e7d6b6a30b821553ba3a8bfa8b0e3c0c65acae46287f1f8bc0ab1019e",
            "the default for videos",
        ),
        Model(
            "heavy",
            Part(
                "pose_landmark_heavy.tflite",
                "59e42d71bcd44cbdbabc419f0ff76686595fd265419566bd4009ef703ea8e1fe",
            ),
            30684582,
            "9c4cc9da6cffe48d3bd9c65ef9e2bdc2bb77a44d65fafef182ddb017adb72172",
            "most exact, slow (3.7 times full's time)",
        ),
    )
}


def model_path(name_or_path: str | os.PathLike[str] | None = None) -> Path:
    """Give the file of a model, assembling it when that has not been done yet.

    Parameters
    ----------
    name_or_path
        ``lite``, ``full``, ``heavy``, or the path of a ``.task`` file. Without it, the variable
        ``FORMCHECK_MODEL`` says which, and otherwise it is ``full``.

    Returns
    -------
    Path
        A bundle with both networks in it; of a named model, the checked one.

    Raises
    ------
    FormcheckError
        If there is no such model or file, the file is no bundle, or the model cannot be had; the
        text says what to do.
    """
    wanted = _wanted(name_or_path)
    model = MODELS.get(wanted)
    if model is None:
        return _checked_file(wanted)
    kept = _cache_folder() / model.file
    if not _is_file_with(kept, model.sha256):
        _assemble_into(kept, model)
    return kept


def model_name(name_or_path: str | os.PathLike[str] | None = None) -> str:
    """Give what a result says about the model that made it: its name, or that of its file."""
    wanted = _wanted(name_or_path)
    return wanted if wanted in MODELS else Path(wanted).name


def list_models() -> list[ModelStatus]:
    """Tell of every named model whether it can be used, and if not, what to do.

    Nothing is assembled by this.
    """
    statuses = []
    for model in MODELS.values():
        kept = _cache_folder() / model.file
        available, detail = True, "ready"
        if not _is_file_with(kept, model.sha256):
            try:
                published_networks(model)
                detail = "will be assembled at first use"
            except FormcheckError as error:
                available, detail = False, str(error)
        statuses.append(
            ModelStatus(model.name, model.bytes, model.sha256, model.note, kept, available, detail)
        )
    return statuses


def published_networks(model: Model) -> tuple[bytes, bytes]:
    """Read a model's detector and landmark network as the npm package has them.

    Returns
    -------
    detector, landmarks : bytes
        The checked files, for `formcheck.pose.bundle.assemble`.

    Raises
    ------
    FormcheckError
        If the package is not here, or its files are others.
    """
    package = _package_folder(model)
    return _read_part(package, DETECTOR), _read_part(package, model.landmarks)


def _wanted(name_or_path: str | os.PathLike[str] | None) -> str:
    return os.fspath(name_or_path or os.environ.get(MODEL_VARIABLE) or DEFAULT_MODEL)


def _checked_file(wanted: str) -> Path:
    path = Path(wanted)
    names = ", ".join(MODELS)
    entries: set[str] = set()
    try:
        with zipfile.ZipFile(path) as archive:
            entries = set(archive.namelist())
    except FileNotFoundError as error:
        near = difflib.get_close_matches(wanted, MODELS, n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"name one of {names}, or a .task file"
        raise FormcheckError(f"there is no pose model {wanted!r}: {hint}") from error
    except zipfile.BadZipFile:
        pass  # told below, like a zip of something else
    except OSError as error:
        raise FormcheckError(
            f"cannot read the pose model {path}: {error.strerror or error}"
        ) from error
    if not {DETECTOR_ENTRY, LANDMARKS_ENTRY} <= entries:
        raise FormcheckError(
            f"{path} is not a pose landmarker bundle (.task): name another file, or one of {names}"
        )
    return path


def _cache_folder() -> Path:
    named = os.environ.get(CACHE_VARIABLE)
    # appauthor=False: else Windows repeats the name as that of a company.
    return Path(named or platformdirs.user_cache_dir("formcheck", appauthor=False))


def _assemble_into(kept: Path, model: Model) -> None:
    bundle = assemble(*published_networks(model))
    if hashlib.sha256(bundle).hexdigest() != model.sha256:
        raise RuntimeError(f"the bundle of {model.name!r} is not the one that was published")
    try:
        kept.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FormcheckError(
            f"cannot keep the pose model in {kept.parent}: {error.strerror or error};"
            f" set {CACHE_VARIABLE} to a folder that can be written"
        ) from error
    with replace_when_done(kept) as temporary:
        temporary.write_bytes(bundle)


def _read_part(package: Path, part: Part) -> bytes:
    path = package / part.file
    try:
        content = path.read_bytes()
    except OSError as error:
        raise FormcheckError(
            f"cannot read {path}: {error.strerror or error}; {_what_to_do()}"
        ) from error
    if hashlib.sha256(content).hexdigest() != part.sha256:
        raise FormcheckError(
            f"{path} is not the file of {NPM_PACKAGE} {NPM_VERSION}; {_what_to_do()}"
        )
    return content


def _package_folder(model: Model) -> Path:
    named = os.environ.get(PACKAGE_VARIABLE)
    if named:
        return Path(named)  # what is missing in it is told when it is read
    places = [
        folder / "node_modules" / NPM_PACKAGE for folder in (_checkout_frontend(), Path.cwd())
    ]
    for place in places:
        if place.is_dir():
            return place
    raise FormcheckError(f"the pose model {model.name!r} is not here yet; {_what_to_do()}")


def _checkout_frontend() -> Path:
    return Path(__file__).resolve().parents[2] / "frontend"


def _what_to_do() -> str:
    frontend = _checkout_frontend()
    if (frontend / "package-lock.json").is_file():
        fetch = f"npm ci --prefix {frontend}"
    else:
        fetch = f"npm install {NPM_PACKAGE}@{NPM_VERSION}"
    return f"get it with `{fetch}`, or name a .task file that you have with --model"


def _is_file_with(path: Path, sha256: str) -> bool:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == sha256
    except OSError:
        return False
