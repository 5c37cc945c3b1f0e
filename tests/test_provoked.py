"""Every form error rule is proven by a rendered clip in which the error is made and reported."""

from benchmarks.accuracy import RENDERED, Clip
from benchmarks.packed import SUFFIX, unpack
from benchmarks.provoked import proofs, provoked_in
from formcheck.spec import catalogue


def rendered(name: str) -> Clip:
    recording, truth = unpack(RENDERED / f"{name}{SUFFIX}")
    return Clip(name, truth, recording)


def test_every_rule_is_provoked_and_reported():
    lacking = [f"{exercise}: {rule}" for (exercise, rule), clip in proofs().items() if clip is None]
    assert not lacking, "render the error (samples/), or say why it is not judged"


def test_an_error_smaller_than_the_spec_claims_proves_nothing():
    spec = catalogue()["bridge"].spec
    assert spec.short_error.found_from == 28
    assert provoked_in(rendered("bridge_too_low_20_side_left_b6"), spec) == set()
    assert provoked_in(rendered("bridge_too_low_28_side_left_b6"), spec) == {"too_low"}
