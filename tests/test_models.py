"""The pose models: put together from the npm package, checked, kept, and refused when wrong."""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
from pathlib import Path

import pytest

from formcheck.errors import FormcheckError
from formcheck.pose.bundle import DETECTOR_ENTRY, LANDMARKS_ENTRY, assemble
from formcheck.pose.models import (
    CACHE_VARIABLE,
    DETECTOR,
    MODEL_VARIABLE,
    MODELS,
    NPM_PACKAGE,
    NPM_VERSION,
    PACKAGE_VARIABLE,
    list_models,
    model_name,
    model_path,
    published_networks,
)

FRONTEND = Path(__file__).parents[1] / "frontend"


@pytest.fixture()
def package() -> Path:
    """The npm package as the set-up brought it."""
    return Path(os.environ.get(PACKAGE_VARIABLE) or FRONTEND / "node_modules" / NPM_PACKAGE)


@pytest.fixture()
def cache(tmp_path, monkeypatch, package) -> Path:
    """An empty cache of its own."""
    folder = tmp_path / "cache"
    monkeypatch.setenv(CACHE_VARIABLE, str(folder))
    monkeypatch.setenv(PACKAGE_VARIABLE, str(package))
    monkeypatch.delenv(MODEL_VARIABLE, raising=False)
    return folder


@pytest.fixture()
def no_package(monkeypatch, tmp_path) -> None:
    """No npm package anywhere."""
    monkeypatch.delenv(PACKAGE_VARIABLE, raising=False)
    monkeypatch.setattr("formcheck.pose.models._checkout_frontend", lambda: tmp_path / "absent")
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")


def refused(name: str | Path) -> str:
    with pytest.raises(FormcheckError) as refusal:
        model_path(name)
    assert "\n" not in str(refusal.value)
    return str(refusal.value)


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


# -- assembling -------------------------------------------------------------------------------


@pytest.mark.parametrize("name", MODELS)
def test_assembled_once_and_kept(cache, name, monkeypatch):
    path = model_path(name)
    assert path.parent == cache
    assert (sha256(path), path.stat().st_size) == (MODELS[name].sha256, MODELS[name].bytes)
    made = path.stat().st_mtime_ns
    monkeypatch.setenv(PACKAGE_VARIABLE, "/absent")  # not needed any more
    assert model_path(name) == path
    assert path.stat().st_mtime_ns == made
    assert os.listdir(cache) == [path.name]


def test_the_published_networks_are_in_it_unchanged(cache, package):
    with zipfile.ZipFile(model_path("lite")) as bundle:
        assert bundle.testzip() is None
        assert {entry.compress_type for entry in bundle.infolist()} == {zipfile.ZIP_STORED}
        detector, landmarks = bundle.read(DETECTOR_ENTRY), bundle.read(LANDMARKS_ENTRY)
        content = model_path("lite").read_bytes()
        # TFLite maps its numbers straight from the file.
        assert content.index(detector) % 16 == content.index(landmarks) % 16 == 0
    assert detector.endswith((package / DETECTOR.file).read_bytes())
    assert landmarks.endswith((package / MODELS["lite"].landmarks.file).read_bytes())


def test_the_metadata_is_what_mediapipes_own_classes_read(cache, package):
    metadata = pytest.importorskip("mediapipe.tasks.metadata.metadata_schema_py_generated")
    tflite = pytest.importorskip("mediapipe.tasks.metadata.schema_py_generated")
    published = tflite.Model.GetRootAs((package / DETECTOR.file).read_bytes(), 0)
    for entry, mean, deviation in ((DETECTOR_ENTRY, 127.5, 127.5), (LANDMARKS_ENTRY, 0, 255)):
        with zipfile.ZipFile(model_path("full")) as bundle:
            model = tflite.Model.GetRootAs(bundle.read(entry), 0)
        found = {model.Metadata(i).Name(): model.Metadata(i) for i in range(model.MetadataLength())}
        assert b"min_runtime_version" in found, "what was there is still there"
        content = model.Buffers(found[b"TFLITE_METADATA"].Buffer()).DataAsNumpy().tobytes()
        described = metadata.ModelMetadata.GetRootAs(content, 0)
        unit = described.SubgraphMetadata(0).InputTensorMetadata(0).ProcessUnits(0)
        assert unit.OptionsType() == metadata.ProcessUnitOptions.NormalizationOptions
        scaling = metadata.NormalizationOptions()
        scaling.Init(unit.Options().Bytes, unit.Options().Pos)
        assert (scaling.Mean(0), scaling.Std(0)) == (mean, deviation)
        assert b"changed by formcheck" in described.Description(), "the licence asks for it"
        assert (b"mask" in described.Description()) == (entry == LANDMARKS_ENTRY)
        assert described.License().startswith(b"Apache License 2.0")
        assert model.Version() == published.Version()
        if entry == DETECTOR_ENTRY:
            assert model.BuffersLength() == published.BuffersLength() + 1
            assert model.Subgraphs(0).TensorsLength() == published.Subgraphs(0).TensorsLength()


@pytest.mark.parametrize("name", MODELS)
def test_only_what_serves_the_mask_is_left_out(cache, package, name):
    tflite = pytest.importorskip("mediapipe.tasks.metadata.schema_py_generated")

    def graph(network: bytes):
        model = tflite.Model.GetRootAs(network, 0)
        assert model.SubgraphsLength() == 1
        return model.Subgraphs(0)

    def operators(of) -> list[tuple[int, tuple[int, ...], tuple[int, ...]]]:
        """Each operator's code, what it reads and what it writes."""
        listed = [of.Operators(i) for i in range(of.OperatorsLength())]
        return [
            (one.OpcodeIndex(), tuple(one.InputsAsNumpy()), tuple(one.OutputsAsNumpy()))
            for one in listed
        ]

    before = graph((package / MODELS[name].landmarks.file).read_bytes())
    with zipfile.ZipFile(model_path(name)) as bundle:
        after = graph(bundle.read(LANDMARKS_ENTRY))
    outputs = after.OutputsAsNumpy().tolist()
    assert outputs == before.OutputsAsNumpy().tolist()
    assert [before.Tensors(i).ShapeAsNumpy().tolist() for i in outputs] == [
        [1, 195], [1, 1], [1, 256, 256, 1], [1, 64, 64, 39], [1, 117]
    ]  # fmt: skip
    assert [after.Tensors(i).ShapeAsNumpy().tolist() for i in outputs] == [
        [1, 195], [1, 1], [1, 1], [1, 64, 64, 39], [1, 117]
    ]  # fmt: skip

    presence, mask = outputs[1:3]
    (code, read, _), kept = operators(after)[-1], operators(after)[:-1]
    assert (code, read, (presence,)) in kept, "the mask's place is filled as the presence is"
    assert operators(after)[-1][2] == (mask,)
    left_out = set(operators(before)) - set(kept)
    assert kept == [one for one in operators(before) if one not in left_out], "in the same order"
    assert len(left_out) >= 40
    read_by_others = {tensor for _, read, _ in kept for tensor in read} | set(outputs) - {mask}
    assert not read_by_others & {tensor for _, _, written in left_out for tensor in written}
    for _, _, written in kept:
        assert read_by_others & set(written), "all that is left serves another output"


def test_the_bundle_of_an_earlier_version_is_not_used(cache):
    kept = cache / "pose_landmarker_lite.task"
    cache.mkdir()
    kept.write_bytes(assemble(*published_networks(MODELS["lite"]), mask=True))
    assert list_models()[0].detail == "will be assembled at first use"
    assert model_path("lite") == kept
    assert sha256(kept) == MODELS["lite"].sha256


def test_a_damaged_copy_is_made_again(cache):
    path = model_path("lite")
    path.write_bytes(path.read_bytes()[:-1])
    assert sha256(model_path("lite")) == MODELS["lite"].sha256


def test_the_package_is_found_in_the_current_folder(cache, package, no_package):
    Path("node_modules", NPM_PACKAGE).parent.mkdir(parents=True)
    Path("node_modules", NPM_PACKAGE).symlink_to(package)
    assert model_path("lite").is_file()


def test_the_lockfile_brings_that_package():
    assert json.loads((FRONTEND / "package.json").read_text())["dependencies"][NPM_PACKAGE] == (
        NPM_VERSION
    )
    locked = json.loads((FRONTEND / "package-lock.json").read_text())["packages"]
    entry = locked[f"node_modules/{NPM_PACKAGE}"]
    assert entry["version"] == NPM_VERSION
    assert entry["integrity"].startswith("sha512-")
    assert not any("resolved" in entry for entry in locked.values()), "no registry's address"


# -- when it cannot be had --------------------------------------------------------------------


def test_no_package(cache, no_package):
    text = refused("full")
    assert text.startswith("the pose model 'full' is not here yet")
    assert f"`npm install {NPM_PACKAGE}@{NPM_VERSION}`" in text
    assert "--model" in text


def test_no_package_in_a_checkout(cache, no_package, monkeypatch, tmp_path):
    frontend = tmp_path / "frontend"  # npm has not been run there
    frontend.mkdir()
    (frontend / "package-lock.json").touch()
    monkeypatch.setattr("formcheck.pose.models._checkout_frontend", lambda: frontend)
    assert f"`npm ci --prefix {frontend}`" in refused("full")


def test_a_named_package_folder_that_is_none(cache, monkeypatch, tmp_path):
    monkeypatch.setenv(PACKAGE_VARIABLE, str(tmp_path))
    assert f"cannot read {tmp_path / DETECTOR.file}" in refused("full")


def test_another_file_in_the_package(cache, package, monkeypatch, tmp_path):
    for part in (DETECTOR, MODELS["lite"].landmarks):
        (tmp_path / part.file).write_bytes((package / part.file).read_bytes()[:-1] + b"!")
    monkeypatch.setenv(PACKAGE_VARIABLE, str(tmp_path))
    assert f"is not the file of {NPM_PACKAGE} {NPM_VERSION}" in refused("lite")
    assert not cache.exists()


def test_a_cache_that_is_a_file(cache):
    cache.write_text("in the way")
    text = refused("lite")
    assert "cannot keep the pose model" in text
    assert CACHE_VARIABLE in text


# -- by path ----------------------------------------------------------------------------------


def test_a_bundle_that_the_person_has(cache, tmp_path):
    own = tmp_path / "own.task"
    own.write_bytes(model_path("lite").read_bytes())
    assert model_path(own) == model_path(str(own)) == own
    assert model_name(own) == "own.task"


def test_by_variable(cache, monkeypatch, tmp_path):
    assert model_path().name == "pose_landmarker_full.task"
    assert model_name() == "full"
    monkeypatch.setenv(MODEL_VARIABLE, "lite")
    assert model_path().name == "pose_landmarker_lite.task"
    assert model_name() == "lite"
    monkeypatch.setenv(MODEL_VARIABLE, str(tmp_path / "own.task"))
    assert "there is no pose model" in refused("")
    assert model_path("lite").name == "pose_landmarker_lite.task", "what is said comes first"


def test_no_such_model(cache):
    assert refused("ful") == "there is no pose model 'ful': did you mean 'full'?"
    assert refused("nix.task") == (
        "there is no pose model 'nix.task': name one of lite, full, heavy, or a .task file"
    )


def test_no_bundle(cache, tmp_path):
    text = tmp_path / "text.task"
    text.write_text("no zip")
    other = tmp_path / "other.task"
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr(DETECTOR_ENTRY, b"alone")
    for path in (text, other):
        assert f"{path} is not a pose landmarker bundle" in refused(path)
    assert f"cannot read the pose model {tmp_path}" in refused(tmp_path)


# -- the list ---------------------------------------------------------------------------------


def test_the_list(cache):
    assert [(model.name, model.available) for model in list_models()] == [
        ("lite", True),
        ("full", True),
        ("heavy", True),
    ]
    assert {model.detail for model in list_models()} == {"will be assembled at first use"}
    assert not cache.exists(), "listing makes nothing"
    model_path("lite")
    lite, full, _ = list_models()
    assert (lite.detail, full.detail) == ("ready", "will be assembled at first use")
    assert (lite.path, lite.sha256) == (model_path("lite"), sha256(lite.path))
    assert lite.bytes == lite.path.stat().st_size


def test_the_list_without_the_package(cache, no_package):
    for model in list_models():
        assert not model.available
        assert "get it with `npm install" in model.detail
