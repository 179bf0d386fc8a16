// The ticket as a picture, drawn on the phone: what stands on it, and the code for the door.

const WIDTH = 720, PAD = 48, HEIGHT = 1080;
const FONT = '"PingFang SC", "Noto Sans CJK SC", "Microsoft YaHei", sans-serif';

const saving = document.querySelector("[data-save-ticket]");
const ticket = document.getElementById("ticket");
if (saving && ticket) {
  saving.hidden = false;
  saving.querySelector("button").addEventListener("click", () => show(draw(ticket)));
}

// Lines of a text that fit the width; Chinese breaks anywhere.
function lines(pen, text, width) {
  const found = [""];
  for (const character of text) {
    const longer = found[found.length - 1] + character;
    if (pen.measureText(longer).width > width) found.push(character);
    else found[found.length - 1] = longer;
  }
  return found;
}

function draw(ticket) {
  const canvas = Object.assign(document.createElement("canvas"), {width: WIDTH, height: HEIGHT});
  const pen = canvas.getContext("2d");
  const words = (selector) => ticket.querySelector(selector).textContent.replace(/\s+/g, " ").trim();
  let y = PAD;
  const write = (text, size, {bold = false, colour = "#1f2a2e"} = {}) => {
    pen.font = `${bold ? "700 " : ""}${size}px ${FONT}`;
    pen.fillStyle = colour;
    for (const line of lines(pen, text, WIDTH - 2 * PAD)) {
      y += size * 1.4;
      pen.fillText(line, PAD, y);
    }
  };
  pen.fillStyle = "#ffffff";
  pen.fillRect(0, 0, WIDTH, HEIGHT);
  write(words("h2"), 40, {bold: true});
  write(words(".booked-face .ink-2"), 30, {colour: "#4a5a60"});
  write(`${words(".num")}　${words(".booked-span")}`, 56, {bold: true, colour: "#14555c"});
  write(words(".booked-part b"), 30, {bold: true});
  const address = ticket.querySelector(".booked-part small");
  if (address) write(address.textContent, 26, {colour: "#4a5a60"});
  const code = ticket.querySelector(".booked-code");
  const size = code.viewBox.baseVal.width, scale = 360 / size;
  pen.setTransform(scale, 0, 0, scale, (WIDTH - 360) / 2, Math.min(y + 40, HEIGHT - 380));
  pen.strokeStyle = "#1f2a2e";
  pen.lineWidth = 1;
  pen.stroke(new Path2D(code.querySelector("path").getAttribute("d")));
  return canvas;
}

// A picture in the page can be saved everywhere, also where a download is not possible (WeChat).
function show(canvas) {
  const picture = saving.querySelector("img") || saving.appendChild(document.createElement("img"));
  picture.src = canvas.toDataURL("image/png");
  picture.alt = "";
  saving.querySelector("span").hidden = false;
}
