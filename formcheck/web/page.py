"""The page: choose an exercise, give a video, read the review.

Nothing is shared between visitors: what one of them gave and got is in his session, and in
temporary folders of its own while a review runs.
"""

from __future__ import annotations

import base64
import html
import logging
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path, PurePath

import streamlit as st
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import UploadedFile

from formcheck.errors import FormcheckError
from formcheck.report import camera_places
from formcheck.report.words import NOTICE, against_dosage, guided, has_sides, shows_all
from formcheck.review import Review
from formcheck.spec import LoadedSpec, Spec, catalogue
from formcheck.view_map import ViewMap, view_maps
from formcheck.web import texts
from formcheck.web.chart import measure_chart
from formcheck.web.job import Finished, Progress, private_copy, review_file
from formcheck.web.samples import Sample, samples_of

FIRST_EXERCISE = "bridge"
WIDTH = 1080
# A body in a bridge. Drawn here, because Streamlit fetches its own icons from another server.
ICON = (
    "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'>"
    "<rect width='32' height='32' rx='7' fill='#0b6e66'/>"
    "<path d='M9 22 18 13 25 13 25 24' fill='none' stroke='#fff' stroke-width='3'"
    " stroke-linecap='round' stroke-linejoin='round'/>"
    "<circle cx='6' cy='23' r='2.6' fill='#fff'/></svg>"
)
ENDINGS = ["mp4", "mov", "m4v", "webm", "mkv", "avi", "3gp", "mpg", "mpeg", "npz"]

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Order:
    """What a visitor asked to have reviewed: an upload or a sample, as which exercise.

    Without an exercise it is to be recognised. Without either file it is the one that was kept.
    """

    exercise: str | None
    upload: UploadedFile | None = None
    sample: Path | None = None
    mirrored: bool = False
    person: str | None = None


@dataclass(slots=True)
class _Kept:
    """A visitor's file with several people in it, until it is said that another one is meant.

    It is deleted when the stack is closed, and with the visit.
    """

    path: Path
    name: str
    mirrored: bool
    stack: ExitStack


@dataclass(slots=True)
class _Visit:
    """What is kept for one visitor from one click to the next.

    `uploads` counts the uploaders shown so far: a new one is an empty one. `turn_to` is the
    exercise to be shown next, which the box for it cannot be told once it is drawn.
    """

    order: _Order | None = None
    finished: Finished | None = None
    problem: str | None = None
    uploads: int = 0
    turn_to: str | None = None
    kept: _Kept | None = None


def show() -> None:
    """Draw the page for one visitor."""
    st.set_page_config(page_title="formcheck", page_icon=ICON, layout="wide")
    visit: _Visit = st.session_state.setdefault("visit", _Visit())
    with (
        st.container(horizontal_alignment="center"),
        st.container(width=WIDTH),
    ):
        _page(visit)


def _page(visit: _Visit) -> None:
    st.title("formcheck")
    st.write(texts.TAGLINE)
    with st.container(border=True):
        st.markdown("\n".join(f"- {line}" for line in texts.SAFETY))
    try:
        exercises = {id: one for id, one in catalogue().items() if one.spec.kind != "avoid"}
    except FormcheckError as error:
        st.error(texts.literal(str(error)))
        return
    if visit.turn_to is not None:
        st.session_state["exercise"], visit.turn_to = visit.turn_to, None
    what, give = st.columns([3, 2], gap="large")
    with what:
        loaded = _choose(exercises)
        st.write(loaded.spec.summary)
        # A plain link: the live page is no page of Streamlit's.
        st.markdown(f"[**{texts.LIVE}**](/live?exercise={loaded.spec.id})")
        _note(texts.LIVE_HINT)
        st.header("Set the camera up")
        _list(texts.camera_lines(loaded.spec))
        view_map = view_maps().get(loaded.spec.id)
        if view_map is not None:
            _plot(loaded.spec, view_map)
            _list(camera_places.lines(loaded.spec, view_map))
    with give:
        _ask_for_video(visit, loaded.spec, samples_of(loaded.spec.id, exercises))
    finished = visit.finished
    if finished is not None and finished.review.spec.id != loaded.spec.id:
        finished = None
    # Out of the way as soon as there is something to look at.
    with st.expander("About this exercise", expanded=visit.order is None and finished is None):
        _explain(loaded.spec)
    if visit.order is not None:
        _work(visit, exercises)
    if visit.problem is not None:
        st.error(visit.problem)
    if finished is not None:
        _tell(visit, finished)


# -- before -----------------------------------------------------------------------------------


def _choose(exercises: dict[str, LoadedSpec]) -> LoadedSpec:
    ids = sorted(exercises, key=lambda id: exercises[id].spec.name)
    # Not by `index`: what was recognised is chosen, too, and Streamlit complains of two ways.
    st.session_state.setdefault("exercise", FIRST_EXERCISE if FIRST_EXERCISE in ids else ids[0])
    chosen = st.selectbox(
        "Exercise",
        ids,
        format_func=lambda id: exercises[id].spec.name,
        key="exercise",
    )
    assert chosen is not None
    return exercises[chosen]


def _explain(spec: Spec) -> None:
    how, care = st.columns([3, 2], gap="large")
    with how:
        st.subheader("How to do it")
        st.markdown("\n".join(f"{i}. {step}" for i, step in enumerate(spec.instructions, 1)))
        if spec.feel:
            st.markdown(f"**What you should feel.** {spec.feel}")
        if spec.equipment:
            st.markdown(f"**You need.** {texts.listed(list(spec.equipment)).capitalize()}.")
    with care:
        if spec.dosage:
            st.subheader("How much")
            _list(texts.dosage_lines(spec))
        cautions = texts.caution_lines(spec)
        if cautions:
            st.subheader("Take care")
            _list(cautions)
    looked_for = texts.looked_for_lines(spec)
    if looked_for:
        st.subheader("What is looked for")
        _list(looked_for)


def _plot(spec: Spec, view_map: ViewMap, camera: float | None = None) -> None:
    """Show the map of camera positions, and on it where the camera stood, degrees."""
    drawn = camera_places.plot(spec, view_map, camera)
    said = camera_places.alternative(spec, view_map)
    if camera is not None:
        said = f"{texts.camera_stood(view_map, camera)} {said}"
    source = f"data:image/svg+xml;base64,{base64.b64encode(drawn.encode()).decode()}"
    st.html(f'<img style="max-width: 100%" src="{source}" alt="{html.escape(said)}">')


def _list(lines: list[str]) -> None:
    st.markdown("\n".join(f"- {line}" for line in lines) if len(lines) > 1 else lines[0])


def _ask_for_video(visit: _Visit, spec: Spec, samples: list[Sample]) -> None:
    busy = visit.order is not None
    with st.container(border=True):
        st.header("Your video")
        upload = st.file_uploader(
            "A video of you doing the exercise",
            type=ENDINGS,
            key=f"upload-{visit.uploads}",
            disabled=busy,
            help="Or a recording (.npz) made by `formcheck record`.",
        )
        mirrored = st.checkbox(
            texts.MIRRORED, key="mirrored", disabled=busy, help=texts.MIRRORED_HELP
        )
        with st.container(horizontal=True):
            st.button(
                "Review my video",
                type="primary",
                key="review",
                disabled=busy or upload is None,
                on_click=_place_order,
                args=(visit, _Order(spec.id, upload=upload, mirrored=mirrored)),
            )
            st.button(
                "Detect the exercise",
                key="recognise",
                disabled=busy or upload is None,
                on_click=_place_order,
                args=(visit, _Order(None, upload=upload, mirrored=mirrored)),
            )
            for sample in samples:
                variant = f": {sample.variant}" if sample.variant else ""
                st.button(
                    f"Try the sample{variant}",
                    key=f"sample-{sample.path.stem}",
                    disabled=busy,
                    on_click=_place_order,
                    args=(visit, _Order(spec.id, sample=sample.path)),
                )
        if not samples:
            _note("There is no sample video for this exercise.")
        _note(texts.PRIVACY)


def _note(text: str) -> None:
    # Not st.caption, whose grey is too pale for small letters.
    st.markdown(f":small[{text}]")


def _place_order(visit: _Visit, order: _Order) -> None:
    visit.order = order
    visit.problem = visit.finished = None
    if order.person is None and visit.kept is not None:
        visit.kept.stack.close()
        visit.kept = None
    if order.upload is not None:
        visit.uploads += 1


# -- meanwhile --------------------------------------------------------------------------------


def _work(visit: _Visit, exercises: dict[str, LoadedSpec]) -> None:
    """Carry out the visitor's order, then draw the page anew with the result.

    A click, or closing the page, ends it at the next report of progress; Streamlit then raises
    through here, and the temporary folders go.
    """
    order, visit.order = visit.order, None
    assert order is not None
    bar = st.progress(0.0, text="Getting ready …")
    st.button("Stop", key="stop")

    def report(progress: Progress) -> None:
        bar.progress(progress.share or 0.0, text=texts.progress_line(progress))

    try:
        loaded = exercises[order.exercise] if order.exercise is not None else None
        asked = loaded, report, order.mirrored, order.person
        if order.sample is not None:
            visit.finished = review_file(order.sample, order.sample.name, *asked)
        elif order.upload is not None:
            with ExitStack() as stack:
                name = PurePath(order.upload.name).name
                path = stack.enter_context(private_copy(order.upload, name))
                _forget(order.upload)
                order.upload = None
                visit.finished = review_file(path, name, *asked)
                if visit.finished.people:
                    visit.kept = _Kept(path, name, order.mirrored, stack.pop_all())
        elif visit.kept is not None:
            visit.finished = review_file(visit.kept.path, visit.kept.name, *asked)
        if visit.finished is not None:
            visit.turn_to = visit.finished.review.spec.id
    except FormcheckError as error:
        visit.problem = texts.literal(str(error))
    except Exception:
        _log.exception("a review failed")
        visit.problem = texts.UNEXPECTED
    st.rerun()


def _forget(upload: UploadedFile) -> None:
    """Take an upload out of Streamlit's memory, where it would stay until the page is closed."""
    context = get_script_run_ctx()
    if context is not None and isinstance(context.uploaded_file_mgr, MemoryUploadedFileManager):
        context.uploaded_file_mgr.remove_file(context.session_id, upload.file_id)


# -- afterwards -------------------------------------------------------------------------------


def _tell(visit: _Visit, finished: Finished) -> None:
    review = finished.review
    st.divider()
    st.header(texts.verdict(review), anchor="result")
    _note(f"In {texts.literal(review.source.path)}")
    if finished.recognised is not None:
        st.info(texts.recognised_line(finished.recognised))
    _tell_camera(review)
    for warning in review.warnings:
        st.warning(texts.literal(warning))
    if visit.kept is not None and finished.people:
        _offer_others(visit, visit.kept, finished)
    with st.container(horizontal=True):
        for name, value in texts.figures(review):
            st.metric(name, value, border=True, width=132)
    for line in (guided(review), against_dosage(review)):
        if line is not None:
            st.write(line)
    if has_sides(review):
        _note(texts.MIRRORED_HINT)
    _tell_errors(finished)
    chart = measure_chart(review)
    if chart is not None:
        st.subheader("The movement over time")
        st.altair_chart(chart)
    st.subheader("The video, annotated")
    st.video(finished.annotated, width=720)
    for heading, rows in (
        ("Repetitions", texts.repetition_rows(review)),
        ("Holds", texts.hold_rows(review)),
    ):
        if rows:
            st.subheader(heading)
            st.table(rows, hide_index=True)
    _offer(finished)


def _tell_camera(review: Review) -> None:
    """Say where the camera stood and what to change, and show it on the map."""
    view_map = view_maps().get(review.spec.id)
    azimuth = None if view_map is None else texts.camera_azimuth(review, view_map)
    verdict = texts.camera_verdict(review)
    warning = "\n\n".join([f"**{verdict}**", *texts.camera_advice(review, view_map)])
    if view_map is None or azimuth is None:
        if shows_all(review):
            st.write(verdict)
        else:
            st.warning(warning)
    elif shows_all(review):
        st.write(verdict)
        with st.expander(texts.WHERE_IT_STOOD):  # folded, as there is nothing to change
            _show_camera(review.spec, view_map, azimuth)
    else:
        say, show = st.columns([3, 2], gap="large")
        say.warning(warning)
        with show:
            _show_camera(review.spec, view_map, azimuth)


def _show_camera(spec: Spec, view_map: ViewMap, azimuth: float) -> None:
    st.write(texts.camera_stood(view_map, azimuth))
    _plot(spec, view_map, azimuth)


def _offer_others(visit: _Visit, kept: _Kept, finished: Finished) -> None:
    """Show everyone in view, and let the visitor say that another one is meant."""
    review = finished.review
    # Somebody else may do something else.
    exercise = review.spec.id if finished.recognised is None else None
    with st.container(horizontal=True):
        for i, (place, picture) in enumerate(
            zip(review.people.places, finished.people, strict=True), 1
        ):
            with st.container(border=True, width="content"):
                st.image(picture)
                _note(texts.person(place))
                st.button(
                    texts.THIS_ONE if i == review.people.followed else texts.ANOTHER_ONE,
                    key=f"person-{place}",
                    disabled=i == review.people.followed or visit.order is not None,
                    on_click=_place_order,
                    args=(visit, _Order(exercise, mirrored=kept.mirrored, person=place)),
                )


def _tell_errors(finished: Finished) -> None:
    review = finished.review
    errors = texts.errors_found(review)
    fine = texts.no_error_line(review)
    if errors:
        st.subheader("What to work on")
    for error in errors:
        with st.container(border=True):
            st.markdown(f"**{error.cue}**")
            st.markdown(f"{error.name} ({error.severity}):")
            _list(list(error.occasions))
    if fine is not None:
        st.success(fine)
    unjudged = texts.not_judged_lines(review)
    if unjudged:
        st.subheader("Not judged")
        _list(unjudged)


def _offer(finished: Finished) -> None:
    """Offer the results as files; what is clicked does not run the page again."""
    stem = f"{PurePath(finished.review.source.path).stem}-{finished.review.spec.id}"
    st.subheader("Take it with you")
    with st.container(horizontal=True):
        for label, content, ending, mime in (
            ("Review (JSON)", finished.json, "json", "application/json"),
            ("Table (CSV)", finished.csv, "csv", "text/csv"),
            ("Annotated video (MP4)", finished.annotated, "mp4", "video/mp4"),
        ):
            st.download_button(
                label, content, f"{stem}.{ending}", mime, key=f"save-{ending}", on_click="ignore"
            )
    _note(NOTICE)
