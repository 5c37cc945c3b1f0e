"""The table of real people: what counts in it, and how sure it is. Needs none of the recordings."""

from __future__ import annotations

from dataclasses import replace

from benchmarks import real
from benchmarks.intervals import wilson

CLIP = real.OnClip("a", "anna", "bridge", True, None, False, (), True, {}, "")


def test_what_is_not_asked_for_is_not_counted():
    clips = [CLIP, replace(CLIP, clip="b", count=None, named=None)]
    row = real.row(clips)
    assert (row["clips"], row["people"]) == (2, 1)
    assert (row["exact"]["are"], row["exact"]["of"]) == (1, 1)
    assert row["held"] is None
    # A clip that is asked for nothing is neither refused nor blamed.
    assert row["refused"]["of"] == row["blamed"]["of"] == 1
    assert row["others"]["of"] == 1


def test_many_views_of_few_people_are_no_surer_than_the_people_are_many():
    views = [replace(CLIP, person=name) for name in ("anna", "ben") for _ in range(50)]
    exact = real.row(views)["exact"]
    assert (exact["are"], exact["of"]) == (100, 100)
    assert exact["least"] == round(wilson(2, 2)[0], 3)


def test_an_error_that_the_clip_shows_is_no_false_alarm():
    clip, shown = next((clip, next(iter(ids))) for clip, ids in real.SHOWN.items())
    right, wrong = (replace(CLIP, clip=clip, errors=errors) for errors in ((shown,), ("made_up",)))
    assert real.row([right])["blamed"]["are"] == 0
    assert real.row([right, wrong])["blamed"]["are"] == 1


def test_other_movements_are_rows_of_their_own():
    rows = real.on_footage([CLIP, replace(CLIP, exercise="other: squat", count=None)])
    assert list(rows) == ["bridge", real.OTHER, real.ALL]
    assert rows[real.OTHER]["clips"] == 1
    assert rows[real.ALL]["clips"] == 2


def test_only_series_of_good_form_can_have_false_alarms():
    bad = replace(CLIP, errors=("half_way",))
    rows = real.on_independent_rows({real.CORRECT: [bad], real.POOR: [bad, CLIP]})
    assert rows[real.CORRECT]["blamed"]["are"] == 1
    assert rows[real.POOR]["blamed"] is None
    assert (rows[real.POOR]["reported"]["are"], rows[real.POOR]["reported"]["of"]) == (1, 2)
