/** Records voice or video with this device, or makes a harmless sample where there is none. */

/** Best first: what the simulator need not convert comes before what it must. */
const VOICE_TYPES = ["audio/ogg;codecs=opus", "audio/webm;codecs=opus", "audio/mp4"];
const VIDEO_TYPES = ["video/mp4", "video/webm"];

const supported = (types) => types.find((type) => MediaRecorder.isTypeSupported(type));

/** One sentence for a person whose device or browser does not let us record. */
function reason(error) {
  if (error.name === "NotAllowedError") return "Izin merekam belum diberikan. Izinkan di peramban, atau pilih berkas.";
  if (error.name === "NotFoundError") return "Alat perekam tidak ditemukan. Anda bisa memilih berkas.";
  return "Perekaman belum bisa dimulai. Anda bisa memilih berkas.";
}

export class Recorder {
  #stream = null;
  #recorder = null;
  #pieces = [];
  #begun = 0;

  /** kind: "voice" or "video_note". Throws an Error with a readable sentence. */
  async begin(kind, stream = null) {
    const video = kind !== "voice";
    try {
      this.#stream = stream ?? (await navigator.mediaDevices.getUserMedia({ audio: true, video: video && { width: 384, height: 384 } }));
      const type = supported(video ? VIDEO_TYPES : VOICE_TYPES);
      this.#recorder = new MediaRecorder(this.#stream, type ? { mimeType: type } : {});
    } catch (error) {
      this.cancel();
      throw new Error(reason(error));
    }
    this.#pieces = [];
    this.#recorder.addEventListener("dataavailable", (event) => this.#pieces.push(event.data));
    this.#recorder.start();
    this.#begun = performance.now();
    return this.#stream;
  }

  get elapsed() {
    return this.#begun ? (performance.now() - this.#begun) / 1000 : 0;
  }

  /** Ends the recording: { file, duration (seconds, at least 1) }. */
  async finish() {
    const duration = Math.max(1, Math.floor(this.elapsed));
    const stopped = new Promise((resolve) => this.#recorder.addEventListener("stop", resolve, { once: true }));
    this.#recorder.stop();
    await stopped;
    const type = this.#recorder.mimeType.split(";")[0];
    const file = new File(this.#pieces, `rekaman.${type.split("/")[1]}`, { type });
    this.cancel();
    return { file, duration };
  }

  /** Lets go of microphone and camera; harmless when nothing runs. */
  cancel() {
    for (const track of this.#stream?.getTracks() ?? []) track.stop();
    this.#stream = null;
    this.#begun = 0;
  }
}

/** A soft melody of `seconds`, recorded as if somebody had spoken: for computers without a microphone. */
export async function sampleVoice(seconds = 3) {
  const sound = new AudioContext();
  await sound.resume();
  const outlet = sound.createMediaStreamDestination();
  const loudness = sound.createGain();
  loudness.gain.value = 0.2;
  loudness.connect(outlet);
  for (let beat = 0; beat < seconds * 4; beat += 1) {
    const tone = sound.createOscillator();
    tone.frequency.value = [262, 330, 392, 330, 294, 349, 440, 349][beat % 8];
    tone.connect(loudness);
    tone.start(sound.currentTime + beat / 4);
    tone.stop(sound.currentTime + beat / 4 + 0.22);
  }
  const recorder = new Recorder();
  await recorder.begin("voice", outlet.stream);
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  const made = await recorder.finish();
  await sound.close();
  return made;
}

function drawRoad(paint, width, height) {
  const fill = (colour, x, y, w, h) => {
    paint.fillStyle = colour;
    paint.fillRect(x, y, w, h);
  };
  fill("#bfe0ee", 0, 0, width, height * 0.45);
  fill("#7fa66a", 0, height * 0.45, width, height);
  paint.fillStyle = "#8b8378";
  paint.beginPath();
  for (const [x, y] of [[0.45, 0.45], [0.55, 0.45], [0.95, 1], [0.05, 1]]) paint.lineTo(width * x, height * y);
  paint.fill();
  paint.fillStyle = "#54493d";
  for (const [x, y, r] of [[0.42, 0.82, 0.1], [0.6, 0.7, 0.06], [0.5, 0.58, 0.03]]) {
    paint.beginPath();
    paint.ellipse(width * x, height * y, width * r, height * r * 0.4, 0, 0, 7);
    paint.fill();
  }
}

/** A drawn picture of a road with holes, as a PNG file: for a demo without a photo at hand. */
export async function samplePhoto() {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [640, 420];
  drawRoad(canvas.getContext("2d"), canvas.width, canvas.height);
  const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
  return new File([blob], "jalan-berlubang.png", { type: "image/png" });
}
