import assert from "node:assert/strict";
import { test } from "node:test";
import { Backlog } from "../src/backlog";
import type { FromServer } from "../src/protocol";
import { Connection, SILENCE_S, type Link, type World } from "../src/socket";

class FakeSocket {
  readyState = 1;
  bufferedAmount = 0;
  binaryType = "";
  sent: (string | ArrayBuffer)[] = [];
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: (() => void) | null = null;

  send(data: string | ArrayBuffer): void {
    this.sent.push(data);
  }

  close(): void {
    this.readyState = 3;
  }

  hear(message: object): void {
    this.onmessage?.({ data: JSON.stringify(message) });
  }

  get frames(): number[] {
    return this.sent.flatMap((one) => (one instanceof ArrayBuffer ? [new DataView(one).getUint32(0, true)] : []));
  }

  get texts(): Record<string, unknown>[] {
    return this.sent.flatMap((one) => (typeof one === "string" ? [JSON.parse(one) as Record<string, unknown>] : []));
  }
}

/** A clock that goes on when it is told to. */
class FakeWorld implements World {
  t = 0;
  sockets: FakeSocket[] = [];
  #timers = new Map<number, { at: number; call: () => void }>();
  #id = 0;

  open(): WebSocket {
    const socket = new FakeSocket();
    this.sockets.push(socket);
    return socket as unknown as WebSocket;
  }

  now(): number {
    return this.t;
  }

  after(seconds: number, call: () => void): number {
    this.#timers.set(++this.#id, { at: this.t + seconds, call });
    return this.#id;
  }

  cancel(timer: number): void {
    this.#timers.delete(timer);
  }

  pass(seconds: number): void {
    const until = this.t + seconds;
    for (;;) {
      const due = [...this.#timers].filter(([, { at }]) => at <= until).sort(([, a], [, b]) => a.at - b.at)[0];
      if (due === undefined) break;
      this.#timers.delete(due[0]);
      this.t = due[1].at;
      due[1].call();
    }
    this.t = until;
  }

  get socket(): FakeSocket {
    const socket = this.sockets.at(-1);
    assert.ok(socket);
    return socket;
  }
}

function connected() {
  const world = new FakeWorld();
  const heard: FromServer[] = [];
  const links: Link[] = [];
  const connection = new Connection(
    { url: "ws://here/live/socket", token: "T", routine: [], model: "full" },
    { message: (message) => heard.push(message), link: (link) => links.push(link) },
    world,
  );
  connection.open();
  world.socket.onopen?.();
  const welcome = (received: number) => {
    world.socket.hear({ type: "welcome", session: "S", received, item: { number: 1 } });
  };
  const frame = (t: number) => {
    connection.frame({ t, width: 4, height: 3, image: null, world: null, other: null, whom: 0 });
  };
  return { world, connection, heard, links, welcome, frame };
}

test("it begins with the token, and sends frames once it is welcome", () => {
  const { world, welcome, frame, links } = connected();
  assert.deepEqual(world.socket.texts, [{ type: "begin", token: "T", routine: [], model: "full" }]);
  frame(1);
  assert.deepEqual(world.socket.frames, []);
  welcome(0);
  assert.deepEqual(world.socket.frames, [1]);
  frame(2);
  assert.deepEqual(world.socket.frames, [1, 2]);
  assert.equal(links.at(-1), "open");
});

test("after a lost connection it resumes, and sends again what was not taken", () => {
  const { world, connection, welcome, frame } = connected();
  welcome(0);
  for (const t of [0.1, 0.2, 0.3]) frame(t);
  world.socket.hear({ type: "now", frame: 1 });
  world.socket.onclose?.();
  frame(0.4);
  connection.command("pause");
  world.pass(1);
  assert.equal(world.sockets.length, 2);
  world.socket.onopen?.();
  assert.deepEqual(world.socket.texts, [{ type: "resume", token: "T", session: "S" }]);
  welcome(2);
  assert.deepEqual(world.socket.frames, [3, 4]);
  assert.deepEqual(world.socket.texts.at(-1), { type: "do", what: "pause" });
});

test("a server that is silent for too long is left, and asked again and again", () => {
  const { world, welcome, links } = connected();
  welcome(0);
  world.pass(SILENCE_S + 2);
  assert.equal(links.at(-1), "lost");
  world.pass(60);
  assert.ok(world.sockets.length > 5);
});

test("it beats when there is nothing to say", () => {
  const { world, welcome } = connected();
  welcome(0);
  for (let i = 0; i < 12; i++) {
    world.pass(1);
    world.socket.hear({ type: "beat" });
  }
  const beats = world.socket.texts.filter(({ type }) => type === "beat");
  assert.ok(beats.length >= 2 && beats.length <= 3, String(beats.length));
});

test("frames passed over while the line is full go before the next ones", () => {
  const { world, welcome, frame } = connected();
  welcome(0);
  frame(0.1);
  world.socket.bufferedAmount = Infinity;
  frame(0.2);
  frame(0.3);
  assert.deepEqual(world.socket.frames, [1]);
  world.socket.bufferedAmount = 0;
  frame(0.4);
  assert.deepEqual(world.socket.frames, [1, 2, 3, 4]);
});

test("a server that is behind gets every second frame, without gaps in their numbers", () => {
  const { world, welcome, frame } = connected();
  welcome(0);
  for (let i = 0; i <= 30; i++) frame(i / 10);
  assert.ok(world.socket.frames.length < 25);
  assert.deepEqual(
    world.socket.frames,
    world.socket.frames.map((_, i) => i + 1),
  );
});

test("after a final problem it does not come back", () => {
  const { world, heard } = connected();
  world.socket.hear({ type: "problem", text: "Enough.", final: true });
  world.socket.onclose?.();
  world.pass(60);
  assert.equal(world.sockets.length, 1);
  assert.equal(heard.length, 1);
});

test("the backlog keeps a minute, and says what it gave up", () => {
  const backlog = new Backlog(60);
  for (let i = 1; i <= 80; i++) backlog.add(i, i, new ArrayBuffer(0));
  assert.equal(backlog.dropped, 19);
  assert.equal(backlog.size, 61);
  backlog.acknowledge(78);
  assert.deepEqual(
    backlog.after(79).map(({ number }) => number),
    [80],
  );
});
