import type { Severity } from './severity.ts';

/** One note: pitch in hertz, start and length in seconds. */
interface Note {
  pitch: number;
  at: number;
  length: number;
}

const [e5, g5, b5, c6, e6, g6] = [659.25, 783.99, 987.77, 1046.5, 1318.5, 1567.98];

/** Told apart without looking: high climbs twice, normal is a door bell, low is a single soft note. */
const melodies: Record<Severity, Note[]> = {
  high: [0, 0.62].flatMap((start) => [
    { pitch: c6, at: start, length: 0.16 },
    { pitch: e6, at: start + 0.15, length: 0.16 },
    { pitch: g6, at: start + 0.3, length: 0.3 },
  ]),
  normal: [
    { pitch: b5, at: 0, length: 0.4 },
    { pitch: g5, at: 0.28, length: 0.6 },
  ],
  low: [{ pitch: e5, at: 0, length: 0.7 }],
};

/** Vibration in milliseconds: on, off, on … */
const shakes: Record<Severity, number[]> = {
  high: [220, 90, 220, 90, 320],
  normal: [180, 100, 180],
  low: [120],
};

/** Plays the chime of a severity; `volume` is 0 to 1. Nothing is loaded: the notes are made here. */
export function playChime(context: AudioContext, severity: Severity, volume: number): void {
  const start = context.currentTime + 0.02;
  const out = context.createGain();
  // Ears hear loudness by powers; the square makes the slider feel even.
  out.gain.value = volume ** 2;
  out.connect(context.destination);
  for (const note of melodies[severity]) {
    playNote(context, out, note, start, 1);
    playNote(context, out, { ...note, pitch: note.pitch * 2 }, start, 0.22);
  }
}

/** A struck note that rings out. */
function playNote(context: AudioContext, out: AudioNode, note: Note, start: number, strength: number): void {
  const tone = context.createOscillator();
  const envelope = context.createGain();
  tone.type = 'triangle';
  tone.frequency.value = note.pitch;
  const from = start + note.at;
  envelope.gain.setValueAtTime(0, from);
  envelope.gain.linearRampToValueAtTime(strength * 0.5, from + 0.012);
  envelope.gain.exponentialRampToValueAtTime(0.0001, from + note.length);
  tone.connect(envelope).connect(out);
  tone.start(from);
  tone.stop(from + note.length + 0.02);
}

/** Shakes the device, where it can and a person has touched the page. */
export function shake(severity: Severity): void {
  if ('vibrate' in navigator && navigator.userActivation?.hasBeenActive) navigator.vibrate(shakes[severity]);
}
