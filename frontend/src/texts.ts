// Every text of the page that does not come from the server.

import { times } from "./words";

export const TITLE = "Exercise in front of your camera";
export const LEAD =
  "formcheck watches you move, counts aloud, and tells you at once what to do better. You can lie three metres away.";
export const PRIVACY =
  "Your picture never leaves this device. Only where your joints are goes to formcheck.";

export const START = {
  safety: "Stop if it hurts",
  review: "Review a video instead",
  routine: "1. What you will do",
  how: "How it is done",
  camera: "2. Where the camera goes",
  sound: "3. What you hear and see",
  handsFree: "Then get into position: it starts by itself as soon as it sees you in it.",
  begin: "Turn on the camera and begin",
  beginning: "Getting ready …",
  add: "Add an exercise",
  keep: "Keep a video of me, on this device only",
  keepNote: "It is offered to you at the end, and is never sent.",
  dosageNote: "These are the gentlest numbers of the documents. Change them to what you were told.",
  noPicture: "There is no picture of this exercise.",
  light: "Stand the screen so that you can see it from the mat. Good light from the front helps; a window behind you does not.",
};

export const KINDS = {
  repetitions: "Repetitions, counted",
  hold: "Holds, timed",
  guided: "Guided: you contract, it keeps the time",
};

export const KEYS: [string, string][] = [
  ["Space", "pause, or go on"],
  ["S", "start now"],
  ["N", "next: skip a rest, or go to the next exercise"],
  ["E", "end"],
  ["H or Escape", "stop, it hurts"],
  ["M", "mute, or sound again"],
];

export const SETTINGS = {
  speech: "Speak to me, with tones",
  captions: "Show what is said as captions",
  volume: "Volume",
  try: "Try the sound",
  sample: "This is how I sound. You are doing fine.",
  noVoice:
    "This device has no voice of its own installed. You hear tones, and everything that would be said is shown in large letters.",
};

export const LIVE = {
  gettingReady: "Getting ready",
  starting: "Getting the camera and the body tracker ready …",
  tracker: "Finding out how quick this device is …",
  setup: "Camera check",
  hold: "Hold",
  setupNote: "It starts by itself as soon as all of this is right.",
  pause: "Pause",
  go: "Go on",
  start: "Start now",
  next: "Next",
  end: "End",
  mute: "Mute",
  unmute: "Sound on",
  hurt: "Stop, it hurts",
  range: "How far",
  target: "target",
  left: "Left",
  right: "Right",
  contract: "Contract",
  relax: "Rest",
  nextExercise: "Well done. The next exercise begins in",
  stages: {
    setup: "",
    countdown: "Get ready",
    active: "",
    away: "Come back into the picture. Your count is kept.",
    rest: "Rest",
    paused: "Paused",
    finished: "Finished",
  },
};

export const OTHER = {
  inView: "Someone else is in view. The lines show who is followed.",
  follow: "Switch person",
};

export const HURT = {
  heading: "You stopped because it hurts",
  spoken: "Stopped. Rest in the way that hurts least, and breathe calmly.",
  lines: [
    "Lie or sit in the way that hurts least, and breathe calmly. Do no more of this exercise today.",
    "Mild soreness after exercise is usual. Moderate or severe pain is not: ask your clinician or physiotherapist before you go on with the programme.",
    "Call for medical help now if you have new weakness or numbness in a leg, numbness between the legs, or trouble holding or passing urine or stool.",
  ],
};

export const RESULT = {
  heading: "What you did",
  waiting: "Your results are being worked out …",
  endedBy: {
    dosage: "You did all that was planned.",
    you: "You ended it.",
    hurt: "You stopped because it hurt.",
    away: "It ended because nobody was in the picture for a long time.",
    lost: "It ended because the connection was lost for too long.",
  },
  workOn: "What to work on",
  notJudged: "What could not be judged",
  repetitions: "How far each repetition went",
  holds: "Holds",
  pain: "How much pain do you have now?",
  painEnds: ["none", "worst you can think of"],
  effort: "How hard was it?",
  effortEnds: ["no effort", "as hard as can be"],
  noted: "Noted.",
  saved: (folders: number) =>
    folders === 1
      ? "Saved on the machine that runs formcheck: where your joints were, these results, and your two answers. No picture."
      : `Saved on the machine that runs formcheck, for ${folders} exercises: where your joints were, these results, and your two answers. No picture.`,
  notSaved: "Nothing was saved.",
  forget: "Delete what was saved",
  forgetSure: "Really delete it?",
  forgetting: "Deleting …",
  forgotten: "Deleted.",
  forgetUnsure: "The server has not said that it is deleted. Please try again.",
  download: (name: string) => `Download the review of ${name} (JSON)`,
  video: "Download the video",
  videoNote: "It is only in this tab's memory: download it before you close the tab.",
  again: "Do another",
  notice: "This is exercise feedback, not a diagnosis or treatment. Stop if it hurts, and ask a clinician.",
};

export const PROBLEMS = {
  denied:
    "The camera is not allowed for this page. Click the camera sign or the lock beside the address, choose Allow for the camera, and try again.",
  none: "No camera was found. Plug one in, or use a phone or tablet with one, and try again.",
  busy: "The camera is in use by another program, such as a video call. Close that, and try again.",
  camera: "The camera could not be turned on. Unplug it and plug it in again, or restart the browser, and try again.",
  unplugged: "The camera is gone. What was counted is kept. Plug it in again: it goes on by itself.",
  hidden: "This tab was in the background, where the camera cannot be followed. It paused, and nothing was lost.",
  asleep: "The computer was asleep. What was counted is kept.",
  otherTab: "Another tab uses the camera for formcheck. Only one can at a time.",
  taken: "Another tab has taken the camera. What was counted here is kept.",
  unreachable: "The formcheck server cannot be reached. Is it still running? It is tried again and again.",
  lost: "The connection was lost. Go on if you like: up to one minute is kept and counted when it is back.",
  dropped: "The connection was away for more than a minute. What you did in the first part of that time could not be kept.",
  slow: (fps: number) =>
    `This device manages only ${times(fps, "frame")} per second, so quick movements may be missed. Close other programs.`,
  wasSlow: (fps: number) =>
    `At times this device managed only ${times(fps, "frame")} per second: quick movements may have been missed, and what is said about tempo may be wrong.`,
  noVoice: "No voice is installed here: what would be said is shown in large letters.",
  tracker: "The body tracker could not be started. Reload the page; if that does not help, update your browser.",
  old: (missing: string) =>
    `This browser is too old for the live page: it lacks ${missing}. Use a current Chrome, Edge, Firefox or Safari; or film yourself and review the video.`,
  webGl:
    "The body tracker needs WebGL, which is off in this browser. Turn on hardware acceleration in its settings and restart it, or use another browser; or film yourself and review the video.",
  insecure:
    "Browsers give their camera only to pages with https, or on this same machine (localhost). Ask whoever runs formcheck for its https address.",
  catalogue: "The list of exercises could not be fetched. Is formcheck still running?",
  retry: "Try again",
  counted: (exercise: string, counts: string) => `Counted until then: ${exercise} ${counts}.`,
  reload: "Load the page again",
  useHere: "Use it here",
  close: "Close",
};
