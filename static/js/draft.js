// The draft of an item: it saves itself, photos are made smaller and sent one by one while the rest is written.
// Without this file the buttons of the form save text and files.

const QUIET = 2000; // milliseconds without a key before the text is saved
const AGAIN = 5000; // milliseconds before a failed try is repeated
const LONGEST_SIDE = 2000; // pixels of a photo that is sent
const SMALL_ENOUGH = 400 * 1024; // bytes; a smaller photo is sent as it is
const QUALITY = 0.82;

const form = document.querySelector("form[data-draft]");
const said = document.querySelector("[data-saved]");
const count = document.querySelector("[data-count]");
const list = form.querySelector("[data-file-list]");
const chooser = form.elements.files;
const words = form.dataset;
const queue = []; // files that were not sent yet, each with its row
let busy = false, timer = 0, wanted = null, saving = Promise.resolve();

form.classList.add("draft-alive");

// --- The text ---

form.addEventListener("input", (event) => {
  if (event.target === chooser) return;
  clearTimeout(timer);
  timer = setTimeout(() => (saving = saving.then(save)), QUIET);
});

async function save() {
  const data = new FormData(form);
  data.delete("files");
  try {
    const answer = await fetch(words.draft, { method: "POST", body: data, credentials: "same-origin" });
    const told = await answer.json();
    if (answer.ok) {
      if (form.elements.based_on) form.elements.based_on.value = told.based_on;
      form.dispatchEvent(new Event("kept"));
    }
    say(told.said ?? told.refused, answer.ok);
  } catch {
    say(words.unsaved, false);
    timer = setTimeout(() => (saving = saving.then(save)), AGAIN);
  }
}

function say(sentence, good) {
  said.parentElement.classList.toggle("is-saved", good);
  said.parentElement.classList.toggle("bad", !good);
  said.textContent = sentence;
}

// --- The files ---

chooser.addEventListener("input", (event) => event.stopPropagation()); // nothing typed
window.addEventListener("beforeunload", (event) => {
  if (queue.length) event.preventDefault();
});

chooser.addEventListener("change", () => {
  for (const file of [...chooser.files]) enqueue(file);
  chooser.value = ""; // they are sent by themselves, not with the form
  next();
});

function enqueue(file) {
  const row = document.createElement("li");
  row.className = "draft-file";
  const face = Object.assign(document.createElement("canvas"), { width: 144, height: 108 });
  face.setAttribute("aria-hidden", "true");
  const name = Object.assign(document.createElement("b"), { textContent: file.name });
  const state = Object.assign(document.createElement("span"), { className: "draft-file-state" });
  const bar = Object.assign(document.createElement("progress"), { max: 100, value: 0 });
  bar.setAttribute("aria-label", file.name);
  const line = Object.assign(document.createElement("span"), { textContent: words.waiting });
  state.append(bar, line);
  const out = Object.assign(document.createElement("button"), {
    type: "button", className: "btn btn-plain", textContent: words.takeOut,
  });
  const entry = { file, row, face, bar, line, out };
  out.addEventListener("click", () => drop(entry));
  row.append(face, name, state, out);
  list.append(row);
  if (list.children.length > Number(words.most)) fail(entry, words.tooMany);
  else queue.push(entry);
}

function drop(entry) {
  entry.request?.abort();
  entry.dropped = true;
  if (queue.includes(entry)) queue.splice(queue.indexOf(entry), 1);
  entry.row.remove();
}

function fail(entry, sentence) {
  entry.bar.remove();
  entry.line.textContent = sentence;
  entry.row.classList.add("is-refused");
}

async function next() {
  if (busy || !queue.length) return;
  busy = true;
  const entry = queue[0];
  try {
    entry.line.textContent = words.shrinking;
    entry.small ??= await smaller(entry.file, entry.face);
    const answer = await send(entry);
    queue.splice(queue.indexOf(entry), 1);
    if (answer.row) put(entry.row, answer.row);
    if (answer.count && count) count.textContent = answer.count;
    if (answer.refused) fail(entry, answer.refused);
  } catch {
    if (!entry.dropped) {
      entry.line.textContent = words.broken;
      await new Promise((wake) => setTimeout(wake, AGAIN));
    }
  }
  busy = false;
  if (queue.length) return next();
  if (wanted) {
    const button = wanted;
    wanted = null;
    form.requestSubmit(button);
  }
}

function put(row, markup) {
  const made = document.createElement("template");
  made.innerHTML = markup;
  const fresh = made.content.querySelector("li");
  // the same photo chosen twice is one
  list.querySelector(`[data-key="${fresh.dataset.key}"]`)?.remove();
  row.replaceWith(fresh);
}

function send(entry) {
  return new Promise((done, broken) => {
    const request = (entry.request = new XMLHttpRequest());
    const data = new FormData();
    data.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    data.append("files", entry.small, entry.small.name ?? entry.file.name);
    request.upload.addEventListener("progress", (event) => {
      if (!event.lengthComputable) return;
      const percent = Math.round((100 * event.loaded) / event.total);
      entry.bar.value = percent;
      entry.line.textContent = words.sending.replace("{percent}", percent);
    });
    request.addEventListener("load", () => {
      try {
        done(JSON.parse(request.responseText));
      } catch {
        broken(request);
      }
    });
    for (const name of ["error", "abort", "timeout"]) request.addEventListener(name, broken);
    request.open("POST", words.files);
    request.send(data);
  });
}

// A photo as a smaller JPEG, upright; whatever else, or what cannot be drawn, as it is.
async function smaller(file, face) {
  if (!file.type.startsWith("image/")) return file;
  try {
    const photo = await createImageBitmap(file, { imageOrientation: "from-image" });
    cover(face, photo);
    if (file.size <= SMALL_ENOUGH) return file;
    const share = Math.min(1, LONGEST_SIDE / Math.max(photo.width, photo.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(photo.width * share);
    canvas.height = Math.round(photo.height * share);
    const pen = canvas.getContext("2d");
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(photo, 0, 0, canvas.width, canvas.height);
    photo.close();
    const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
    if (!blob || blob.size >= file.size) return file;
    return new File([blob], file.name.replace(/\.[^.]*$/, "") + ".jpg", { type: "image/jpeg" });
  } catch {
    return file;
  }
}

function cover(face, photo) {
  const share = Math.max(face.width / photo.width, face.height / photo.height);
  const [width, height] = [photo.width * share, photo.height * share];
  face.getContext("2d").drawImage(photo, (face.width - width) / 2, (face.height - height) / 2, width, height);
}

// --- Sending the form ---

// What is still on its way goes first; before forms.js, which would shut the buttons.
document.addEventListener(
  "submit",
  (event) => {
    if (event.target !== form) return;
    clearTimeout(timer);
    if (!queue.length) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    wanted = event.submitter ?? undefined;
    say(words.finishing, true);
    next();
  },
  true,
);
