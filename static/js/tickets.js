// Tickets by camera: the browser reads the code where it can (BarcodeDetector), else jsQR does, in plain JavaScript. Without
// this file, or without a camera, the code is typed.

const door = document.querySelector("[data-tickets]");
const camera = door.querySelector("[data-camera]"), video = camera.querySelector("video");
const start = door.querySelector("[data-start]"), result = door.querySelector("[data-result]");
const form = door.querySelector(".door-form");
const EVERY = 150; // milliseconds between two looks at the picture
const SAME = 4000; // milliseconds in which the same code is not sent again
const WIDTH = 640; // pixels of the picture that is read
let last = "", lastAt = 0, busy = false;

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

async function send(code) {
  const body = new FormData(form);
  body.set("code", code);
  const answer = await fetch(form.getAttribute("action"), { method: "POST", body, headers: { "HX-Request": "true" }, credentials: "same-origin" });
  if (!answer.ok || answer.redirected) return form.submit();
  result.innerHTML = await answer.text();
  navigator.vibrate?.(60);
}

async function look(read) {
  if (!busy && video.videoWidth) {
    busy = true;
    try {
      const code = await read();
      if (code && (code !== last || Date.now() - lastAt > SAME)) {
        [last, lastAt] = [code, Date.now()];
        await send(code);
        lastAt = Date.now();
      }
    } catch {
      // no picture yet, or no network: the next look tries again
    }
    busy = false;
  }
  setTimeout(look, EVERY, read);
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
  const field = form.querySelector("[name=code]");
  if (!field.value.trim()) return;
  event.preventDefault();
  send(field.value).then(() => { field.value = ""; field.focus(); }).catch(() => form.submit());
});

if (navigator.mediaDevices?.getUserMedia) {
  start.hidden = false;
  start.querySelector("button").addEventListener("click", open);
} else {
  door.querySelector("[data-no-camera]").hidden = false;
}
