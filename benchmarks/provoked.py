"""Which form error rules the rendered test set proves: `python -m benchmarks.provoked`.

A rule is proven by a clip in which the error is made, at the size that the spec claims to detect
or larger, and in which it is reported. A rule that no clip proves has to be rendered, or to go.
"""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.accuracy import (
    SAME_ERROR,
    Clip,
    claims_of,
    made,
    occasions,
    rendered_clips,
)
from formcheck.engine.core import Engine
from formcheck.recognise import together
from formcheck.spec import Spec, catalogue


def rules() -> Iterator[tuple[str, str]]:
    """Yield each form error rule of each spec: the exercise and the rule's id.

    A movement that falls short is one of them; movements to avoid have it too.
    """
    for id, loaded in catalogue().items():
        for rule in claims_of(loaded.spec):
            yield id, rule


def provoked_in(clip: Clip, spec: Spec) -> set[str]:
    """Return the rules whose error a clip shows at the claimed size, reported or not."""
    found = set()
    for rule, claim in claims_of(spec).items():
        error = SAME_ERROR.get((spec.id, rule), rule)
        sizes = [made(clip, spec, error, i) for i in range(len(occasions(clip)))]
        if any(size is not None and size >= claim for size in sizes):
            found.add(rule)
    return found


def proofs() -> dict[tuple[str, str], str | None]:
    """Return of each rule the first clip that proves it, or None."""
    found: dict[tuple[str, str], str | None] = dict.fromkeys(rules())
    for clip in rendered_clips():
        exercise = clip.truth["exercise"]
        if exercise not in catalogue() or not clip.truth["faults"]:
            continue
        spec = catalogue()[exercise].spec
        open_rules = {id for id in provoked_in(clip, spec) if found[exercise, id] is None}
        if not open_rules:
            continue
        engine = Engine(spec)
        together(clip.recording, [engine])
        for id in open_rules & {fault.id for fault in engine.faults}:
            found[exercise, id] = clip.name
    return found


def main() -> None:
    """Print each rule with the clip that proves it."""
    found = proofs()
    for (exercise, rule), clip in found.items():
        print(f"{exercise:40}{rule:26}{clip or 'NONE'}")
    lacking = sum(clip is None for clip in found.values())
    print(f"{len(found) - lacking} of {len(found)} rules are proven.")


if __name__ == "__main__":
    main()
