"""The command line.

What takes long to import (the tracker, the decoder, OpenCV) is imported where it is used, so that
``formcheck exercises`` answers at once.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any, NoReturn

from formcheck import __version__
from formcheck.errors import FormcheckError
from formcheck.files import check_writable, replace_when_done

if TYPE_CHECKING:
    from rich.console import RenderableType

    from formcheck.body import PoseFrame, Recording
    from formcheck.engine.core import Engine
    from formcheck.recognise import Recognition
    from formcheck.review import Picture, Source
    from formcheck.spec import LoadedSpec, Spec

BAD_INPUT = 2
STOPPED = 130  # what a shell reports for a program ended by Ctrl-C
STDOUT = "-"


def main(argv: list[str] | None = None) -> int:
    """Run the command line and return its exit code.

    Parameters
    ----------
    argv
        The arguments; by default those of the process, whose signals are then minded, too.
    """
    if argv is None:
        _end_tidily()
    try:
        args = _parser().parse_args(argv)
        run: Callable[[argparse.Namespace], int] = args.run
        return run(args)
    except FormcheckError as error:
        _complain(str(error))
        return BAD_INPUT
    except KeyboardInterrupt:
        _complain("stopped; nothing was written.")
        return STOPPED
    except OSError as error:  # a disk that is full, a file that vanished meanwhile
        where = f"{error.filename}: " if error.filename else ""
        _complain(f"{where}{error.strerror or error}")
        return BAD_INPUT


def _end_tidily() -> None:
    """See to it that half-written files are removed, however the program is ended.

    Without this, a terminal window that is closed would leave them behind, and so would a second,
    impatient Ctrl-C while they are being removed.
    """
    numbers = [getattr(signal, n) for n in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, n)]

    def end(number: int, _: FrameType | None) -> None:
        for one in numbers:
            signal.signal(one, signal.SIG_IGN)
        if number == signal.SIGINT:
            raise KeyboardInterrupt
        raise SystemExit(128 + number)

    for number in numbers:
        if signal.getsignal(number) is not signal.SIG_IGN:  # as under nohup
            signal.signal(number, end)


def _complain(text: str) -> None:
    """Say what is wrong in one line, whatever a file's name is made of."""
    line = "".join(letter if letter.isprintable() else " " for letter in text)
    print(f"formcheck: {' '.join(line.split())}", file=sys.stderr)


class _Parser(argparse.ArgumentParser):
    """Wrong arguments are told in one line, like everything else."""

    def error(self, message: str) -> NoReturn:
        raise FormcheckError(f"{message} (see {self.prog} --help)")

    def _print_message(self, message: str, file: Any = None) -> None:  # help and version
        _put(message)


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="formcheck",
        description="Counts repetitions, times holds and tells form errors of back-care exercises.",
        epilog="This is exercise feedback, not a diagnosis or treatment.",
    )
    parser.add_argument("--version", action="version", version=f"formcheck {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    review = commands.add_parser(
        "review", help="review an exercise in a video or a recording", description=_review.__doc__
    )
    review.add_argument("file", metavar="FILE", help="a video, or a recording (.npz)")
    review.add_argument(
        "--exercise",
        metavar="ID",
        help="which exercise it is (`formcheck exercises` lists them), or a spec file (.yaml);"
        " without it the exercise is detected",
    )
    review.add_argument("--json", metavar="OUT", help="write the review as JSON; - for stdout")
    review.add_argument("--csv", metavar="OUT", help="write the table as CSV; - for stdout")
    review.add_argument("--annotated", metavar="OUT.mp4", help="write the annotated video")
    _add_source_options(review)
    review.set_defaults(run=_review)

    record = commands.add_parser(
        "record", help="keep a video's landmarks as a recording", description=_record.__doc__
    )
    record.add_argument("file", metavar="VIDEO", help="a video")
    record.add_argument("out", metavar="OUT.npz", help="the recording to write")
    _add_source_options(record)
    record.set_defaults(run=_record)

    exercises = commands.add_parser(
        "exercises",
        help="list the exercises, or show one",
        usage="%(prog)s [-h] [--json] [ID]\n       %(prog)s schema\n       %(prog)s check FILE",
        description="List the exercises, show one (ID), print the JSON Schema of spec files"
        " (schema), or check a spec file (check FILE).",
    )
    exercises.add_argument("what", metavar="ID", nargs="?", help="an exercise, schema, or check")
    exercises.add_argument("file", metavar="FILE", nargs="?", help="the spec file to check")
    exercises.add_argument("--json", action="store_true", help="as JSON")
    exercises.set_defaults(run=_exercises)

    models = commands.add_parser("models", help="list the pose models", description=_models.__doc__)
    models.set_defaults(run=_models)

    app = commands.add_parser("app", help="start the page in the browser", description=_app.__doc__)
    app.add_argument("--port", type=int, default=8501, help="default: %(default)s")
    app.set_defaults(run=_app)
    return parser


def _add_source_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--model", metavar="M", help="pose model: lite, full (default), heavy, or a .task file"
    )
    parser.add_argument(
        "--mirrored",
        action="store_true",
        help="the video is mirrored, as selfie cameras make it: swap left and right",
    )
    parser.add_argument(
        "--person",
        metavar="WHO",
        help="which person to follow when several are in view: left, right, or a number counted"
        " from the left; by default the one who exercises",
    )
    parser.add_argument("--from", dest="start_s", metavar="S", type=_time, help="begin here")
    parser.add_argument(
        "--to", dest="end_s", metavar="S", type=_time, help="end here; seconds, or 1:30"
    )


def _time(text: str) -> float:
    """Read seconds, or minutes and seconds."""
    minutes, _, seconds = text.rpartition(":")
    try:
        return 60 * int(minutes or 0) + float(seconds)
    except (ValueError, OverflowError):
        raise argparse.ArgumentTypeError(f"{text!r} is no time: give seconds, or 1:30") from None


# -- review -----------------------------------------------------------------------------------


def _review(args: argparse.Namespace) -> int:
    """Review one exercise in a video or a recording, and say what was seen."""
    from formcheck.report.as_json import review_as_json
    from formcheck.report.summary import review_summary
    from formcheck.report.table import review_as_csv
    from formcheck.review import review
    from formcheck.spec import find

    loaded = find(args.exercise) if args.exercise is not None else None
    if args.annotated is not None and Path(args.annotated).suffix.lower() not in (".mp4", ".m4v"):
        raise FormcheckError(f"--annotated {args.annotated}: the video's name must end in .mp4")
    outputs = {"--json": args.json, "--csv": args.csv, "--annotated": args.annotated}
    spec_file = loaded.path if loaded is not None and loaded.path == args.exercise else None
    inputs = [args.file, args.model, spec_file]
    _check_outputs(outputs, inputs)
    with ExitStack() as stack:
        # The files take their places when this block is left, after all have been written.
        temporaries = {
            out: stack.enter_context(replace_when_done(out))
            for out in outputs.values()
            if out is not None and out != STDOUT
        }
        tracked = found = None
        if loaded is None:
            loaded, tracked, found = _recognise(args, stack)
        with (
            _open(args, tracked) as source,
            _progress(source, f"Reviewing {loaded.spec.name.lower()}") as advance,
            _annotating(temporaries.get(args.annotated), loaded.spec) as (draw_frame, draw_again),
        ):

            def on_frame(
                frame: PoseFrame, picture: Picture | None, engine: Engine, _: object
            ) -> None:
                draw_frame(frame, picture, engine)
                advance(frame.t)

            result = review(source, loaded, on_frame, draw_again, args.person)
        for out, write in (
            (args.json, partial(review_as_json, recognition=found)),
            (args.csv, review_as_csv),
        ):
            if out in temporaries:
                temporaries[out].write_text(write(result), encoding="utf-8", newline="")
            elif out == STDOUT:
                _put(write(result))
    _show(review_summary(result), to_stderr=STDOUT in outputs.values())
    if result.people.count > 1:
        places = result.people.places
        others = [place for i, place in enumerate(places, 1) if i != result.people.followed]
        print(f"\nFor somebody else: --person {' or '.join(others)}", file=sys.stderr)
    written = [out for out in outputs.values() if out in temporaries]
    if written:
        print(f"\nWritten: {', '.join(written)}", file=sys.stderr)
    return 0


def _recognise(
    args: argparse.Namespace, stack: ExitStack
) -> tuple[LoadedSpec, list[Recording], Recognition]:
    """Find out which exercise it is; the landmarks are kept as long as the stack is.

    Those of the one who does it come first.

    Raises
    ------
    FormcheckError
        If it is none of them.
    """
    from formcheck.people import recognise_somebody
    from formcheck.report.words import not_recognised, recognised
    from formcheck.review import keep_landmarks
    from formcheck.spec import catalogue

    with (
        _open(args) as source,
        _progress(source, "Detecting the exercise") as advance,
    ):
        keeping = keep_landmarks(source, lambda frame: advance(frame.t))
        everyone = stack.enter_context(keeping)
    exercises = catalogue()
    asked = args.person, args.mirrored
    found, everyone = recognise_somebody(everyone, exercises.values(), *asked)
    if found.exercise is None:
        raise FormcheckError(
            f"{args.file}: {not_recognised(found)}. Exercises with very small movements cannot be"
            " detected."
            " Say which exercise it is with --exercise ID (`formcheck exercises` lists them)"
        )
    other = "If it is another exercise, name it with --exercise."
    if found.other is not None:
        other = f"For the other one, use --exercise {found.other}."
    print(f"{recognised(found)} {other}", file=sys.stderr)
    return exercises[found.exercise], everyone, found


def _open(args: argparse.Namespace, tracked: list[Recording] | None = None) -> Source:
    """Open what the command line names, as it says."""
    from formcheck.review import open_source

    part = args.start_s, args.end_s
    return open_source(Path(args.file), _model(args), *part, tracked, args.mirrored)


def _model(args: argparse.Namespace) -> str:
    """Return the model asked for on the command line, in the environment, or by default."""
    from formcheck.pose.models import DEFAULT_MODEL, MODEL_VARIABLE

    return args.model or os.environ.get(MODEL_VARIABLE) or DEFAULT_MODEL


def _check_outputs(outputs: dict[str, str | None], inputs: list[str | None]) -> None:
    """Refuse, before any work, what cannot be written or would destroy something.

    Raises
    ------
    FormcheckError
        If an output cannot be written, is named twice, or is an input.
    """
    seen: dict[str, str] = {}
    sources = [os.path.realpath(path) for path in inputs if path is not None]
    for option, out in outputs.items():
        if out is None:
            continue
        target = out if out == STDOUT else os.path.realpath(out)
        if target in seen:
            raise FormcheckError(f"{seen[target]} and {option} name the same output, {out}")
        seen[target] = option
        if out == STDOUT:
            continue
        if target in sources or any(_same_file(target, source) for source in sources):
            raise FormcheckError(f"{option} {out}: this is what is read; name another file")
        check_writable(out)


def _same_file(a: str, b: str) -> bool:
    try:
        return os.path.samefile(a, b)
    except OSError:
        return False


@contextmanager
def _annotating(
    out: Path | None, spec: Spec
) -> Iterator[
    tuple[Callable[[PoseFrame, Picture | None, Engine], None], Callable[[], None] | None]
]:
    """Give what draws each frame into the annotated video, and what begins it anew.

    Without one it does nothing.
    """
    if out is None:
        yield (lambda frame, picture, engine: None), None
        return
    from formcheck.video.draw import canvas, draw, shrink
    from formcheck.video.write import VideoWriter

    with VideoWriter(out) as writer:

        def draw_frame(frame: PoseFrame, picture: Picture | None, engine: Engine) -> None:
            ground = canvas(frame.width, frame.height) if picture is None else shrink(picture)
            writer.write(draw(ground, engine.now(), spec), frame.t)

        yield draw_frame, writer.restart


# -- record -----------------------------------------------------------------------------------


def _record(args: argparse.Namespace) -> int:
    """Track the person in a video and keep the landmarks, without any picture, as a recording.

    `formcheck review` takes a recording in place of its video, and is done in a moment.
    """
    from formcheck.people import choose
    from formcheck.review import keep_landmarks

    if Path(args.out).suffix.lower() != ".npz":
        raise FormcheckError(f"{args.out}: a recording's name must end in .npz")
    _check_outputs({"OUT": args.out}, [args.file, args.model])
    with (
        _open(args) as source,
        _progress(source, "Recording") as advance,
        keep_landmarks(source, lambda frame: advance(frame.t)) as everyone,
    ):
        # Which exercise it is, nobody has said: the largest person is followed.
        recording, seen = choose(everyone, lambda _: 0.0, args.person, args.mirrored)
        found = sum(frame.found for frame in recording)
        count = len(recording)
        recording.save(args.out)
        warnings = list(source.warnings)
        if seen.count > 1:
            warnings.append(seen.said)
    for warning in warnings:
        _complain(warning)
    _put(f"{args.out}: {count} pictures, somebody found in {found / count:.0%} of them\n")
    return 0


# -- exercises, models, app -------------------------------------------------------------------


def _exercises(args: argparse.Namespace) -> int:
    from formcheck.report.exercise import exercise_list, exercise_text
    from formcheck.spec import catalogue, find, json_schema, load_file

    if args.file is not None and args.what != "check":
        raise FormcheckError(f"exercises {args.what} {args.file}: one exercise at a time")
    if args.what == "schema":
        _put(json_schema())
    elif args.what == "check":
        if args.file is None:
            raise FormcheckError("exercises check: name the spec file to check")
        spec = load_file(Path(args.file)).spec
        told = len(spec.faults) + (spec.repetition is not None)
        _put(f"{args.file}: a valid spec ({spec.name}: {spec.kind}, {told} form errors)\n")
    elif args.what is None:
        specs = [loaded.spec for loaded in catalogue().values()]
        if args.json:
            _put(_json([_entry(spec) for spec in specs]))
        else:
            _show(exercise_list(specs))
    else:
        spec = find(args.what).spec
        if args.json:
            _put(_json(spec.model_dump(mode="json", exclude_none=True)))
        else:
            _show(exercise_text(spec))
    return 0


def _entry(spec: Spec) -> dict[str, str]:
    return {
        "id": spec.id,
        "name": spec.name,
        "position": spec.position.name,
        "view": spec.view,
        "kind": spec.kind,
        "group": spec.group,
        "sides": spec.sides,
        "summary": spec.summary,
    }


def _json(value: object) -> str:
    return json.dumps(value, indent=1, ensure_ascii=False) + "\n"


def _models(_: argparse.Namespace) -> int:
    """List the pose models, and whether they are ready for use."""
    from rich.console import Group
    from rich.table import Table
    from rich.text import Text

    from formcheck.pose.models import DEFAULT_MODEL, list_models

    table = Table("model", "size", "state", "good for", box=None, padding=(0, 2, 0, 0))
    table.columns[1].justify = "right"
    models = list_models()
    for model in models:
        state = model.detail if model.available else "missing"
        name = f"{model.name}*" if model.name == DEFAULT_MODEL else model.name
        table.add_row(name, f"{model.bytes / 1e6:.0f} MB", state, Text(model.note))
    notes = [f"* the default. Models are kept in {models[0].path.parent}."]
    notes += [model.detail for model in models if not model.available][:1]
    _show(Group(table, "", *map(Text, notes)))
    return 0


def _app(args: argparse.Namespace) -> int:
    """Start the page in the browser; Ctrl-C ends it."""
    page = Path(__file__).parent.parent / "app.py"
    if not page.is_file():
        raise FormcheckError(f"there is no {page}: the page is started from a checkout")
    command = [sys.executable, "-m", "streamlit", "run", str(page)]
    command += ["--server.port", str(args.port)]
    # In the checkout, where Streamlit looks for its settings.
    with subprocess.Popen(command, cwd=page.parent) as server:
        try:
            return server.wait()
        except KeyboardInterrupt:  # from the terminal, which has told the server, too
            server.wait()
            return 0  # as wished; Streamlit itself calls it an error
        except SystemExit:
            server.terminate()
            raise


# -- the terminal -----------------------------------------------------------------------------


@contextmanager
def _progress(source: Source, title: str) -> Iterator[Callable[[float], None]]:
    """Show on a terminal how far the work has come; give what is told each frame's time."""
    if sys.stderr is None or not sys.stderr.isatty():
        yield lambda t: None
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        Progress,
        TaskProgressColumn,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    from formcheck.report.words import clock

    total = source.duration_s
    columns = [TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[at]}")]
    if total is None:
        columns += [TimeElapsedColumn()]
    else:
        columns += [TaskProgressColumn(), TimeRemainingColumn(), TextColumn("left")]
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(title, total=total, at="")
        begin: float | None = None

        def advance(t: float) -> None:
            nonlocal begin
            begin = t if begin is None else begin
            bar.update(task, completed=t - begin, at=clock(t))

        yield advance


def _show(what: RenderableType, to_stderr: bool = False) -> None:
    """Print something laid out, as wide as the terminal; plain where there is none."""
    from rich.console import Console

    console = Console(stderr=to_stderr, highlight=False, markup=False, emoji=False)
    with console.capture() as captured:
        console.print(what)
    text = captured.get()
    if not console.is_terminal:
        text = "".join(f"{line.rstrip()}\n" for line in text.splitlines())
    _put(text, to_stderr)


def _put(text: str, to_stderr: bool = False) -> None:
    """Write to stdout (or stderr) as UTF-8; whoever reads it may stop reading."""
    stream = sys.stderr if to_stderr else sys.stdout
    if stream is None:
        return
    try:
        stream.flush()
        stream.buffer.write(text.encode("utf-8", "replace"))
        stream.buffer.flush()
    except BrokenPipeError:
        # Else Python complains when it flushes the stream at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
