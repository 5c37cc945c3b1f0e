"""What the documents show is what the program does."""

import json
import re
from pathlib import Path

from benchmarks import real, view_map
from benchmarks.accuracy import RESULTS, as_markdown
from benchmarks.gallery import PAGE, PICTURES, page
from benchmarks.readme import get
from formcheck.spec import catalogue, parse
from formcheck.web.samples import samples_of

DOCS = Path(__file__).parents[1] / "docs"


def test_the_guide_to_writing_specs_writes_a_valid_one():
    blocks = re.findall(r"```yaml\n(.*?)```", (DOCS / "writing-specs.md").read_text(), re.DOTALL)
    spec = parse("".join(blocks), "writing-specs.md")
    assert spec.id == "knee_extension"
    assert spec.repetition is not None
    assert spec.faults


def test_the_page_of_exercises_is_the_one_made_from_specs_and_figures():
    # Run `python -m benchmarks.gallery` when this fails.
    assert PAGE.read_text() == page(json.loads(RESULTS.read_text()), view_map.load())


def test_the_readme_shows_the_figures_of_rendered_and_real_people():
    # `make accuracy` measures both; `python -m benchmarks.accuracy --readme` puts the first there.
    assert get("accuracy") == as_markdown(json.loads(RESULTS.read_text()))
    assert get("real") == real.as_markdown(json.loads(real.RESULTS.read_text()))


def test_every_exercise_with_a_sample_video_has_a_picture():
    ids = catalogue()
    for id in ids:
        if samples_of(id, ids):
            assert (PICTURES / f"{id}.jpg").exists(), id
