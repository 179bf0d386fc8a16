// Tickets by camera: the browser reads the code where it can (BarcodeDetector), else jsQR does, in plain JavaScript. Without
// this file, or without a camera, the code is typed.

const door = document.querySelector("[data-tickets]");
const camera = door.querySelector("[data-camera]"), video = camera.querySelector("video");
const start = door.querySelector("[data-start]"), result = door.querySelector("[data-result]");
const form = door.querySelector(".door-form"), field = form.querySelector("[name=code]"), away = door.querySelector("[data-away]");
const EVERY = 150; // milliseconds between two looks at the picture
const SAME = 4000; // milliseconds out of the picture until the same code is sent again
const AGAIN = 3000; // milliseconds until a code is sent again that found no network
const WIDTH = 640; // pixels of the picture that is read
let last = "", lastAt = 0;

const loaded = (address) => new Promise((ready, failed) => {
  document.head.append(Object.assign(document.createElement("script"), { src: address, onload: ready, onerror: failed }));
});

async function reader() {
  const formats = await window.BarcodeDetector?.getSupportedFormats().catch(() => []) ?? [];
  if (formats.includes("qr_code")) {
    const detector = new BarcodeDetector({ formats: ["qr_code"] });
    return async () => (await detector.detect(video))[0]?.rawValue;
  }
  await loaded(door.dataset.reader);
  const canvas = document.createElement("canvas");
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  return async () => {
    canvas.width = Math.min(WIDTH, video.videoWidth);
    canvas.height = Math.round(video.videoHeight * canvas.width / video.videoWidth);
    pen.drawImage(video, 0, 0, canvas.width, canvas.height);
    const picture = pen.getImageData(0, 0, canvas.width, canvas.height);
    return window.jsQR(picture.data, picture.width, picture.height)?.data;
  };
}

// Whether the server has answered; without a network the page says what to do instead.
async function send(code) {
  const body = new FormData(form);
  body.set("code", code);
  try {
    const answer = await fetch(form.getAttribute("action"), { method: "POST", body, headers: { "HX-Request": "true" }, credentials: "same-origin" });
    if (!answer.ok || answer.redirected) {
      field.value = code; // logged out: the code waits for the log-in with the form
      form.submit();
      return true;
    }
    result.innerHTML = await answer.text();
  } catch {
    result.replaceChildren();
    away.hidden = false;
    return false;
  }
  away.hidden = true;
  navigator.vibrate?.(60);
  return true;
}

async function look(read) {
  let wait = EVERY;
  const code = await read().catch(() => ""); // no picture yet: the next look tries again
  if (code) {
    const isNew = code !== last || Date.now() - lastAt > SAME;
    const isSent = !isNew || await send(code);
    [last, lastAt, wait] = isSent ? [code, Date.now(), EVERY] : ["", 0, AGAIN];
  }
  setTimeout(look, wait, read);
}

async function open() {
  start.hidden = true;
  try {
    video.srcObject = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" }, audio: false });
    camera.hidden = false;
    await video.play();
    look(await reader());
  } catch {
    camera.hidden = true;
    door.querySelector("[data-no-camera]").hidden = false;
  }
}

form.addEventListener("submit", (event) => {
  if (!field.value.trim()) return;
  event.preventDefault();
  send(field.value).then((sent) => {
    if (sent) field.value = "";
    field.focus();
  });
});

if (navigator.mediaDevices?.getUserMedia) {
  start.hidden = false;
  start.querySelector("button").addEventListener("click", open);
} else {
  door.querySelector("[data-no-camera]").hidden = false;
}
