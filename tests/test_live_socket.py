"""The live page's server: real connections to the real routes, on a free port of this machine."""

import gzip
import http.client
import json
import threading
import time
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from live_page import ANSWER_S, PAGE, Page, make_dist, make_vision, serving
from test_engine import bridges
from websockets.exceptions import ConnectionClosed, InvalidStatus

from formcheck.body import PoseFrame, Recording
from formcheck.live.conductor import dosage_of
from formcheck.live.protocol import FOUND_BYTES, read_frame, write_frame, write_message
from formcheck.live.site import LiveSite
from formcheck.live.socket import Limits
from formcheck.live.visit import Item, Visit, conclude
from formcheck.report import camera_places
from formcheck.report.as_json import review_as_json
from formcheck.review import open_source, review
from formcheck.spec import find
from formcheck.view_map import view_maps

DATA = Path(__file__).parent / "data"
# Nothing here waits for the clock, but a busy machine must not look like a page that is gone.
LIMITS = Limits(sweep_s=3600, burst=5000)


def make_site(folder: Path, limits: Limits = LIMITS) -> LiveSite:
    return LiveSite(
        dist=make_dist(folder / "dist"),
        vision=make_vision(folder / "vision"),
        sessions_folder=folder / "data" / "sessions",
        compressed_folder=folder / "gzip",
        limits=limits,
    )


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> LiveSite:
    return make_site(tmp_path_factory.mktemp("site"))


@pytest.fixture(scope="module")
def host(site):
    with serving(site) as host:
        yield host


@pytest.fixture
def page(host):
    page = Page(host).load()
    yield page
    page.close()


@pytest.fixture
def own(tmp_path):
    """Serve with one's own limits; gives the site and a page."""
    opened = []

    def begin(limits: Limits) -> tuple[LiveSite, Page]:
        site = make_site(tmp_path, limits)
        running = serving(site)
        opened.append(running)
        return site, Page(running.__enter__()).load()

    yield begin
    for running in opened:
        running.__exit__(None, None, None)


def recorded(name: str) -> Recording:
    return Recording.load(DATA / f"{name}.npz")


def is_reviewed_again(result: dict, sessions: Path) -> bool:
    """Whether a result's saved recording gives the saved review, and that is what was told.

    But for the dosage: a recording does not know what was asked for.
    """
    folder, told = sessions / result["saved"], result["review"]
    with open_source(folder / "recording.npz") as source:
        again = json.loads(review_as_json(review(source, find(told["exercise"]))))
    again["source"]["path"] = "recording.npz"  # as it is called from within its folder
    assert json.loads((folder / "review.json").read_text()) == again
    assert told == again | {"dosage": told["dosage"]}
    return True


def later(frames: Iterable[PoseFrame], by_s: float = 60.0) -> list[PoseFrame]:
    return [replace(frame, t=frame.t + by_s) for frame in frames]


def problem(page: Page) -> dict:
    return page.until("problem")


def closed(page: Page) -> None:
    with pytest.raises(ConnectionClosed):
        for _ in range(10_000):
            page.hear()


# -- a session -------------------------------------------------------------------------------------


def test_a_set_is_counted_told_and_saved_as_a_review_of_it_says(page, site):
    welcome = page.begin("bridge", times=3, hold_s=0)
    assert welcome["received"] == 0
    assert welcome["item"]["number"] == welcome["item"]["of"] == 1
    page.play(recorded("bridge_correct"))
    result = next(m for m in page.messages if m["type"] == "result")
    assert page.stages() == ["setup", "countdown", "active", "finished"]
    assert page.said("count")[-3:] == ["1", "2. One more.", "3"]
    assert result["ended_by"] == "dosage"
    assert not result["next"]
    assert result["review"]["reps"]["total"] == 3
    assert result["sentences"][0] == "Bridge: 3 repetitions."
    folder = site.sessions_folder / result["saved"]
    assert is_reviewed_again(result, site.sessions_folder)
    assert {path.name for path in folder.iterdir()} == {
        "recording.npz",
        "review.json",
        "session.json",
    }
    assert folder.stat().st_mode & 0o777 == folder.parent.stat().st_mode & 0o777 == 0o700


def test_what_was_asked_is_kept_and_all_is_deleted_when_wanted(page, site):
    page.begin("bridge", times=1, hold_s=0)
    page.play(bridges([125.0, 175.0])[0])
    folder = site.sessions_folder / next(m for m in page.messages if m["type"] == "result")["saved"]
    page.say(type="asked", pain=2, effort=None)
    page.say(type="do", what="end")  # answered after what came before it
    page.until("now")
    session = json.loads((folder / "session.json").read_text())
    assert (session["pain"], session["effort"], session["ended_by"]) == (2, None, "dosage")
    assert session["asked_for"]["times"] == 1
    assert session["done"] == [{"total": 1}]
    page.say(type="forget")
    page.until("forgotten")
    assert not folder.exists()


def test_a_lost_connection_loses_and_doubles_nothing(page, site):
    recording = recorded("bridge_correct")
    frames = list(recording)
    page.begin("bridge", times=9, hold_s=0)
    page.play(recording[:250])
    page.socket.socket.close()  # as when the network goes: nobody says good-bye
    welcome = page.resume()
    assert welcome["received"] == 250
    # The page does not know what got through: it sends a second of it again.
    for number in range(236, 401):
        page.socket.send(write_frame(number, frames[number - 1]))
    page.sent = 400
    page.until_frame(400)
    page.close()
    page.resume()
    page.play(recording[400:])
    page.say(type="do", what="end")
    result = page.until("result")
    assert result["ended_by"] == "you"
    assert is_reviewed_again(result, site.sessions_folder)
    whole = result["review"]
    begun = whole["source"]["frames"]
    saved = Recording.load(site.sessions_folder / result["saved"] / "recording.npz")
    np.testing.assert_array_equal(saved.image, recording.image[-begun:])
    # The same as by a page whose connection held.
    other = Page(page.host).load()
    other.begin("bridge", times=9, hold_s=0)
    other.play(recording)
    other.say(type="do", what="end")
    unbroken = other.until("result")["review"]
    other.close()
    assert {**unbroken, "source": None} == {**whole, "source": None}


def test_a_session_that_goes_on_elsewhere_ends_here(page):
    page.begin("bridge")
    first = page.socket
    second = Page(page.host, page.cookie, page.token, session=page.session)
    second.resume()
    page.socket = first
    assert problem(page)["final"]
    closed(page)
    second.say(type="do", what="pause")
    assert second.until("now")["stage"] == "paused"
    second.close()


def test_two_visitors_do_not_disturb_each_other(host, site):
    plank, bird_dog = Page(host).load(), Page(host).load()
    assert plank.cookie != bird_dog.cookie
    plank.begin("plank", times=9)
    bird_dog.begin("bird_dog", times=9)
    work = [(plank, recorded("plank_sagging")), (bird_dog, recorded("bird_dog_correct"))]
    threads = [threading.Thread(target=page.play, args=(frames,)) for page, frames in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for page, exercise in ((plank, "plank"), (bird_dog, "bird_dog")):
        page.say(type="do", what="end")
        result = page.until("result")
        assert result["review"]["exercise"] == exercise
        assert is_reviewed_again(result, site.sessions_folder)
        page.close()
    assert bird_dog.messages[-1]["review"]["reps"]["total"] >= 3
    assert plank.messages[-1]["review"]["holds"]


def test_a_result_that_was_lost_on_the_way_is_told_again(page):
    page.begin("bridge", times=1, hold_s=0)
    page.play(bridges([125.0, 175.0])[0])
    result = next(m for m in page.messages if m["type"] == "result")
    page.socket.socket.close()
    page.resume()
    assert page.until("result") == result


def test_hurt_ends_all_with_advice(page):
    page.begin("bridge", "plank", times=5)
    page.play(bridges([175.0, 175.0])[0])
    page.say(type="do", what="hurt")
    now, result = page.until("now"), page.until("result")
    assert [one["kind"] for one in now["say"]] == ["stop"]
    assert result["ended_by"] == "hurt"
    assert not result["next"]
    assert result["sentences"][0].startswith("Stop when it hurts, and call a clinician.")


def test_of_a_routine_the_next_exercise_begins_by_itself(page):
    page.begin("bridge", "posterior_pelvic_tilt", times=1)
    page.play(bridges([125.0, 175.0])[0])
    assert next(m for m in page.messages if m["type"] == "result")["next"]
    lying = bridges([125.0] * 6)[0]
    page.play(later(lying))
    item = next(m for m in page.messages if m["type"] == "item")
    assert (item["number"], item["of"]) == (2, 2)
    assert item["exercise"] == "posterior_pelvic_tilt"
    results = [m for m in page.messages if m["type"] == "result"]
    assert [result["number"] for result in results] == [1, 2]


def test_the_end_is_the_end_of_the_whole_routine(page):
    page.begin("bridge", "plank", times=3, hold_s=0)
    page.play(bridges([125.0, 175.0])[0])
    page.say(type="do", what="end")
    result = page.until("result")
    assert (result["number"], result["ended_by"], result["next"]) == (1, "you", False)


@pytest.mark.parametrize("what", ["end", "hurt"])
def test_between_two_exercises_the_end_takes_back_the_next(page, what):
    page.begin("bridge", "plank", times=1, hold_s=0)
    page.play(bridges([125.0, 175.0])[0])
    first = next(m for m in page.messages if m["type"] == "result")
    assert first["next"]
    page.say(type="do", what=what)
    assert page.until("result") == {**first, "next": False}
    page.play(later(bridges([125.0] * 6)[0]))
    assert not any(m["type"] == "item" for m in page.messages)


def test_next_goes_on(page):
    page.begin("bridge", "plank", times=3, hold_s=0)
    page.play(bridges([125.0, 175.0])[0])
    page.say(type="do", what="next")
    assert page.until("result")["next"]
    page.play(later(bridges([125.0])[0]))
    assert next(m for m in page.messages if m["type"] == "item")["exercise"] == "plank"


def test_the_result_speaks_of_what_was_asked_for_and_what_is_saved_does_not(page, site):
    page.begin("bridge", times=2, hold_s=0)
    page.play(bridges([125.0, 175.0])[0])
    page.say(type="do", what="end")
    result = page.until("result")
    assert "You set out to do it 2 times. Done: 1 of 2." in result["sentences"]
    dosage = result["review"]["dosage"]
    assert (dosage["document"], dosage["often"], dosage["hold_s"]) == (None, 2, 0.0)
    saved = json.loads((site.sessions_folder / result["saved"] / "review.json").read_text())
    assert (saved["dosage"]["document"], saved["dosage"]["often"]) == ("002", 10)
    assert {**saved, "dosage": dosage} == result["review"]


def test_what_cannot_be_deleted_is_not_called_deleted(page, site, monkeypatch):
    page.begin("bridge", times=1, hold_s=0)
    page.play(bridges([125.0, 175.0])[0])
    folder = site.sessions_folder / next(m for m in page.messages if m["type"] == "result")["saved"]
    with monkeypatch.context() as patch:
        patch.setattr("formcheck.live.visit.shutil.rmtree", lambda *_, **__: None)
        page.say(type="forget")
        assert "could be deleted" in problem(page)["text"]
    page.say(type="forget")
    page.until("forgotten")
    assert not folder.exists()


def test_what_had_not_begun_is_not_saved(page, site):
    page.begin("bridge")
    page.say(type="do", what="end")
    result = page.until("result")
    assert result["review"] is None
    assert result["saved"] is None


def test_a_folder_that_cannot_be_written_is_told(page, site, monkeypatch):
    monkeypatch.setattr(site.sessions, "folder", Path("/dev/null/nowhere"))
    page.begin("bridge", times=1, hold_s=0)
    page.play(bridges([125.0, 175.0])[0])
    result = next(m for m in page.messages if m["type"] == "result")
    assert result["saved"] is None
    assert result["review"]["reps"]["total"] == 1
    assert any("could not be saved" in line for line in result["sentences"])


# -- who is refused --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "http://localhost.evil.example", "null", "file://"]
)
def test_another_origin_is_refused(page, origin):
    with pytest.raises(InvalidStatus) as refused:
        page.open(origin)
    assert refused.value.response.status_code == 403


def test_without_a_cookie_it_is_refused(host):
    with pytest.raises(InvalidStatus):
        Page(host).open()
    with pytest.raises(InvalidStatus):
        Page(host, cookie="formcheck_visitor=x").open()


@pytest.mark.parametrize(
    "first",
    [
        {"type": "begin", "token": "0" * 64, "routine": [{"exercise": "bridge"}]},
        {"type": "beat"},
        {"type": "nonsense"},
        {"type": "resume", "token": None, "session": "x"},
    ],
)
def test_a_first_message_without_the_token_is_refused(page, first):
    page.open()
    page.say(**first)
    assert problem(page)["final"]
    closed(page)


def test_a_token_is_of_one_browser(host, page):
    other = Page(host, cookie=Page(host).load().cookie, token=page.token)
    other.open()
    other.say(type="begin", token=other.token, routine=[{"exercise": "bridge"}])
    assert "load it again" in problem(other)["text"]
    other.close()


def test_anothers_session_cannot_be_taken(host, page):
    page.begin("bridge")
    thief = Page(host).load()
    thief.open()
    thief.say(type="resume", token=thief.token, session=page.session)
    assert problem(thief)["final"]
    thief.close()
    page.say(type="do", what="pause")
    assert page.until("now")["stage"] == "paused"


@pytest.mark.parametrize("exercise", ["no_such_exercise", "sit_up"])
def test_what_cannot_be_exercised_is_told(page, exercise):
    page.open()
    page.say(type="begin", token=page.token, routine=[{"exercise": exercise}])
    told = problem(page)
    assert told["final"]
    assert "exercise" in told["text"] or "sore back" in told["text"]


def test_a_frame_first_is_refused(page):
    page.open()
    page.socket.send(write_frame(1, PoseFrame.empty(0.0, 640, 480)))
    assert problem(page)["final"]


# -- what is refused -------------------------------------------------------------------------------


def test_a_wrong_message_is_told_and_passed_over(page):
    recording = recorded("bridge_correct")
    page.begin("bridge", times=9, hold_s=0)
    page.play(recording[:100])
    good = write_frame(page.sent + 1, recording[100:101].__iter__().__next__())
    for wrong in (
        b"",
        good[:-1],
        good + b"\0",
        good[:17],
        bytes(3_000_000),
        good[:17] + np.full(264, np.nan, "<f4").tobytes(),
        good[:17] + np.full(264, 1e30, "<f4").tobytes(),
        "{",
        '{"type":"do","what":"fly"}',
        '{"type":"begin","token":"","routine":[{"exercise":"bridge"}]}',
    ):
        page.socket.send(wrong)
        assert not problem(page)["final"]
    page.play(recording[100:])
    page.say(type="do", what="end")
    assert page.until("result")["review"]["reps"]["total"] >= 3


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.tuples(
            st.floats(0.01, 30.0),
            st.integers(0, 2**32 - 1),
            st.sampled_from([0.0, 0.01, 1.0, 900.0]),
            st.sampled_from([None, "start", "pause", "continue", "next", "end", "hurt"]),
            st.sampled_from([(640, 480), (480, 640), (1, 16384)]),
        ),
        min_size=1,
        max_size=40,
    ),
    st.sampled_from(["bridge", "bird_dog", "plank", "posterior_pelvic_tilt", "side_neck_stretch"]),
)
def test_whatever_a_body_does_it_is_answered(tmp_path_factory, steps, exercise):
    folder = tmp_path_factory.mktemp("any")
    item = Item(find(exercise), dosage_of(find(exercise).spec, times=1), 1.0)
    visit = Visit("session", "visitor", [item, item], "full")
    likely = list(recorded("bridge_correct"))
    t = 0.0
    for number, (dt, seed, wild, act, (width, height)) in enumerate(steps, 1):
        t += dt
        random = np.random.default_rng(seed)
        like = likely[seed % len(likely)]
        image = (like.image + wild * random.standard_normal((33, 5))).clip(-1000, 1000)
        world = (like.world + wild * random.standard_normal((33, 3))).clip(-1000, 1000)
        sent = write_frame(number, PoseFrame(t, image, world, width, height))
        assert visit.take(read_frame(sent))
        if act is not None:
            visit.act(act)
        write_message(visit.now())
        ended = visit.ended()
        if ended is not None:
            told, saved = conclude(ended, folder)
            write_message(told)
            if saved is not None:
                assert is_reviewed_again(json.loads(write_message(told)), folder)
        visit.move_on()
        write_message(visit.item())
    visit.close()


def test_time_does_not_go_back(page):
    page.begin("bridge")
    page.play(bridges([125.0])[0][:20])
    page.sent += 1
    page.socket.send(write_frame(page.sent, PoseFrame.empty(0.1, 640, 480)))
    assert "time went back" in problem(page)["text"]
    # A frame that had been taken is no mistake.
    page.socket.send(write_frame(5, PoseFrame.empty(0.1, 640, 480)))
    page.play(bridges([125.0])[0][25:40])
    assert sum(m["type"] == "problem" for m in page.messages) == 1


def test_who_sends_nothing_but_garbage_is_shown_out(page):
    page.begin("bridge")
    for _ in range(30):
        page.socket.send("garbage")
    while not problem(page)["final"]:
        pass
    closed(page)


def test_a_flood_is_refused(own):
    _, page = own(Limits(frames_a_s=1.0, burst=50.0, sweep_s=3600))
    page.begin("bridge")
    with pytest.raises(ConnectionClosed):
        for t in range(200):
            page.send(PoseFrame.empty(float(t), 640, 480))
        while page.hear()["type"] != "problem":
            pass
        assert page.messages[-1]["text"].startswith("Too much came at once")
        page.hear()
    page.close()


def test_the_sessions_of_a_browser_are_counted(own):
    site, page = own(Limits(sessions_each=2, sessions=3, sweep_s=3600))
    tabs = [Page(page.host, page.cookie, page.token) for _ in range(3)]
    for tab in tabs[:2]:
        tab.begin("bridge")
    tabs[2].open()
    tabs[2].say(type="begin", token=page.token, routine=[{"exercise": "bridge"}])
    assert "too many sessions" in problem(tabs[2])["text"]
    others = [Page(page.host).load() for _ in range(2)]
    others[0].begin("plank")
    others[1].open()
    others[1].say(type="begin", token=others[1].token, routine=[{"exercise": "bridge"}])
    assert "Too many people" in problem(others[1])["text"]
    assert len(site.sessions) == 3
    for one in (*tabs, *others):
        one.close()


def test_who_loads_the_page_again_and_again_is_not_locked_out(own):
    site, page = own(Limits(sessions_each=2, sweep_s=3600))
    for _ in range(5):
        page.begin("bridge", times=9, hold_s=0)
        page.play(bridges([125.0, 175.0])[0])
        page.sent = 0
        page.close()
    assert len(site.sessions) == 2
    assert len(list(site.sessions_folder.glob("*/session.json"))) == 3  # nothing is thrown away


def test_who_says_nothing_is_not_waited_for(own):
    _, page = own(Limits(first_s=0.2, sweep_s=3600))
    page.open()
    assert "Nothing was heard" in problem(page)["text"]
    closed(page)


def test_both_sides_hear_each_other_and_a_silent_page_is_let_go(own):
    site, page = own(Limits(beat_s=0.1, silent_s=0.5, sweep_s=3600))
    page.begin("bridge")
    assert page.hear()["type"] == "beat"
    closed(page)
    page.close()
    assert page.resume()["received"] == 0  # it is there still
    assert len(site.sessions) == 1
    page.close()


def test_a_session_whose_page_does_not_come_back_is_saved(own):
    site, page = own(Limits(detached_s=0.0, sweep_s=0.05))
    page.begin("bridge", times=9, hold_s=0)
    page.play(bridges([125.0, 175.0])[0])
    page.close()
    give_up = time.monotonic() + ANSWER_S
    while not (saved := sorted(site.sessions_folder.glob("*/session.json"))):
        assert time.monotonic() < give_up
        time.sleep(0.02)
    session = json.loads(saved[0].read_text())
    assert session["ended_by"] == "lost"
    assert session["done"] == [{"total": 1}]
    page.open()
    page.say(type="resume", token=page.token, session=page.session)
    assert "over" in problem(page)["text"]
    page.close()
    assert len(site.sessions) == 0


def test_what_is_under_way_when_the_server_ends_is_saved(tmp_path):
    site = make_site(tmp_path)
    with serving(site) as host:
        page = Page(host).load()
        page.begin("bridge", times=9, hold_s=0)
        page.play(bridges([125.0, 175.0])[0])
    (saved,) = site.sessions_folder.iterdir()
    assert json.loads((saved / "session.json").read_text())["ended_by"] == "lost"
    page.close()


# -- the addresses ---------------------------------------------------------------------------------


def get(host: str, path: str, **headers: str) -> tuple[http.client.HTTPResponse, bytes]:
    connection = http.client.HTTPConnection(host, timeout=ANSWER_S)
    connection.request("GET", path, headers={k.replace("_", "-"): v for k, v in headers.items()})
    response = connection.getresponse()
    body = response.read()
    connection.close()
    return response, body


@pytest.mark.parametrize(
    "path",
    [
        "/live",
        "/live/exercises.json",
        "/live/nothing",
        "/live/assets/no.js",
        "/live/assets/live-abc123.js",
    ],
)
def test_the_policy_is_on_every_response(host, path):
    response, _ = get(host, path)
    policy = dict(
        rule.partition(" ")[::2] for rule in response.headers["Content-Security-Policy"].split("; ")
    )
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == "'self' 'wasm-unsafe-eval'"
    assert policy["connect-src"] == f"'self' ws://{host} wss://{host}"
    assert policy["frame-ancestors"] == "'none'"
    assert response.headers["Permissions-Policy"].startswith("camera=(self), ")
    assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_a_strange_host_does_not_get_into_the_policy(host):
    response, _ = get(host, "/live", Host="x; script-src *")
    assert "*" not in response.headers["Content-Security-Policy"]


def test_the_page_has_its_token_and_a_cookie_that_scripts_do_not_see(host):
    response, body = get(host, "/live?exercise=bridge")
    cookie = response.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert "Path=/live" in cookie
    assert body.decode() != PAGE
    again, same = get(host, "/live", Cookie=cookie.partition(";")[0])
    assert same == body
    assert again.headers["Cache-Control"] == "no-store"


def test_the_exercises_are_told(host):
    _, body = get(host, "/live/exercises.json")
    told = json.loads(body)
    ids = {one["id"] for one in told["exercises"]}
    assert "bridge" in ids
    assert not ids & {"sit_up", "toe_touch", "double_leg_lift"}
    bridge = next(one for one in told["exercises"] if one["id"] == "bridge")
    assert bridge["dosage"] == {
        "document": "002",
        "sets": 1,
        "times": 10,
        "hold_s": 5.0,
        "each_side": False,
        "rest_s": 30.0,
    }
    assert told["wasm"] == "/live/wasm/0.10.34"
    assert "*" not in "".join(told["safety"])
    for address in told["models"].values():
        response, model = get(host, address)
        assert response.status == 200
        assert len(model) > 1_000_000


def test_the_map_of_camera_positions_is_an_image_that_may_do_nothing(host):
    _, body = get(host, "/live/exercises.json")
    told = {one["id"]: one for one in json.loads(body)["exercises"]}
    assert {id for id, one in told.items() if one["views"] is not None} == set(view_maps()) & {
        *told
    }
    views = told["bridge"]["views"]
    spec, view_map = find("bridge").spec, view_maps()["bridge"]
    assert views["alt"] == camera_places.alternative(spec, view_map)
    assert views["lines"] == camera_places.lines(spec, view_map)
    response, plot = get(host, views["plot"])
    assert plot.decode() == camera_places.plot(spec, view_map)
    assert response.headers["Content-Type"] == "image/svg+xml"
    assert response.headers["Content-Security-Policy"] == (
        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
    )
    for nothing in ("nothing.svg", "bridge", "../exercises.json"):
        response, _ = get(host, f"/live/views/{nothing}")
        assert response.status == 404


def test_files_that_never_change_are_kept_and_compressed_once(host, site):
    path = "/live/wasm/0.10.34/vision_wasm_internal.wasm"
    plain, whole = get(host, path)
    assert plain.headers["Content-Encoding"] is None
    assert plain.headers["Content-Type"] == "application/wasm"
    small, packed = get(host, path, Accept_Encoding="gzip, br")
    assert small.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed) == whole
    assert len(packed) < len(whole) / 10
    for response in (plain, small):
        assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert response.headers["Vary"] == "Accept-Encoding"
    copies = set(site.compressed_folder.iterdir())
    get(host, path, Accept_Encoding="gzip")
    assert set(site.compressed_folder.iterdir()) == copies
    refused, _ = get(host, path, Accept_Encoding="gzip;q=0")
    assert refused.headers["Content-Encoding"] is None
    script, _ = get(host, "/live/assets/live-abc123.js")
    assert "immutable" in script.headers["Cache-Control"]
    assert script.headers["Content-Type"].startswith("text/javascript")


def test_what_is_prepared_is_not_made_again(tmp_path, monkeypatch):
    monkeypatch.setattr("formcheck.live.site.MODELS", {})  # theirs take seconds
    site = make_site(tmp_path)
    site.prepare()
    copies = {path: path.stat().st_mtime_ns for path in site.compressed_folder.iterdir()}
    assert len(copies) == 2  # a script and a program
    with serving(site) as host:
        get(host, "/live/assets/live-abc123.js", Accept_Encoding="gzip")
    assert {path: path.stat().st_mtime_ns for path in site.compressed_folder.iterdir()} == copies


def test_a_video_is_sent_in_parts(host):
    response, body = get(host, "/live/pictures/bridge.mp4", Range="bytes=4-7")
    assert (response.status, body) == (206, b"ftyp")
    assert response.headers["Content-Type"] == "video/mp4"


@pytest.mark.parametrize(
    "path",
    [
        "/live/assets/../live.html",
        "/live/assets/%2e%2e/live.html",
        "/live/assets//etc/passwd",
        "/live/assets/",
        "/live/wasm/9.9.9/vision_wasm_internal.wasm",
        "/live/wasm/0.10.34/../package.json",
        "/live/models/0000000000000000/pose_landmarker_full.task",
        "/live/pictures/bridge.json",
        "/live/pictures/..%2f..%2fREADME.md",
    ],
)
def test_nothing_else_is_served(host, path):
    response, _ = get(host, path)
    assert response.status == 404


def test_where_the_page_is_not_built_it_says_what_to_do(tmp_path):
    site = make_site(tmp_path)
    (tmp_path / "dist" / "live.html").unlink()
    with serving(site) as host:
        response, body = get(host, "/live")
    assert response.status == 503
    assert b"make setup" in body


def test_a_frame_is_as_long_as_it_is_told():
    assert len(write_frame(1, next(iter(recorded("bridge_correct"))))) == FOUND_BYTES
