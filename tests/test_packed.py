"""The rendered clips' own file format: what was put in comes out, as exact as is promised."""

import json
from pathlib import Path

import numpy as np

from benchmarks.packed import pack, unpack
from formcheck.body import Recording

SAMPLE = Path(__file__).parent / "data" / "bridge_correct.npz"


def test_what_was_packed_comes_out_again(tmp_path):
    recording = Recording.load(SAMPLE)
    recording.image[7] = np.nan  # a frame in which nobody was found
    recording.world[7] = np.nan
    truth = json.loads(SAMPLE.with_suffix(".json").read_text())
    truth["columns"] = ["t", "left_hip", "hip_height_m"]
    truth["rows"] = [[round(i / 24, 3), 120.0 + i / 10, 0.1 + i / 1000] for i in range(60)]
    pack(tmp_path / "it", recording, truth)
    again, told = unpack(tmp_path / "it")
    assert (again.width, again.height, again.model) == (
        recording.width,
        recording.height,
        recording.model,
    )
    np.testing.assert_allclose(again.t, recording.t, atol=1e-6)
    np.testing.assert_allclose(again.image[:, :, :2], recording.image[:, :, :2], atol=1.01e-4)
    np.testing.assert_allclose(again.image[:, :, 3:], recording.image[:, :, 3:], atol=0.0101)
    np.testing.assert_allclose(again.world, recording.world, atol=1.01e-3)
    assert np.isnan(again.image[7]).all()
    np.testing.assert_allclose(told["rows"], truth["rows"], atol=0.0005)
    for name in ("exercise", "camera", "repetitions", "holds", "faults", "columns"):
        assert told[name] == truth[name]
    assert (tmp_path / "it").stat().st_size < SAMPLE.stat().st_size / 3
