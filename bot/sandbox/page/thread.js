// Bubbles. Every text is put in as text: what a stranger writes is never read as markup.
import { spoken, word } from "/page/words.js";

export function make(tag, className = "", text = "") {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text) element.textContent = text;
  return element;
}

export function icon(id) {
  const drawing = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `#i-${id}`);
  drawing.setAttribute("aria-hidden", "true");
  drawing.append(use);
  return drawing;
}

const MARKS = [
  [/```([^`]+)```/, "code"],
  [/(?<![\w*])\*([^*\n]+)\*(?![\w*])/, "strong"],
  [/(?<![\w_])_([^_\n]+)_(?![\w_])/, "em"],
  [/(?<![\w~])~([^~\n]+)~(?![\w~])/, "s"],
];

// WhatsApp's own marks, as elements.
function marked(text) {
  for (const [pattern, tag] of MARKS) {
    const found = pattern.exec(text);
    if (!found) continue;
    const inner = make(tag);
    inner.append(...(tag === "code" ? [found[1]] : marked(found[1])));
    return [...marked(text.slice(0, found.index)), inner, ...marked(text.slice(found.index + found[0].length))];
  }
  return text ? [text] : [];
}

export function clockTime(at) {
  return new Intl.DateTimeFormat(spoken(), { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(new Date(at));
}

export function dayOf(at) {
  return new Intl.DateTimeFormat(spoken(), { weekday: "long", day: "numeric", month: "long" }).format(new Date(at));
}

const TICKS = { accepted: "◷", queued: "◷", sent: "✓", delivered: "✓✓", read: "✓✓", undelivered: "✕", failed: "✕" };

function ticks(message) {
  const mine = message.direction === "in";
  const bad = mine ? message.taken === false : ["undelivered", "failed"].includes(message.status);
  const mark = make("span", "ticks");
  if (mine) {
    mark.textContent = message.taken === null ? "◷" : message.taken ? "✓✓" : "!";
    mark.setAttribute("aria-label", word(message.taken === null ? "sending" : message.taken ? "taken" : "refused"));
  } else {
    mark.textContent = TICKS[message.status] ?? "·";
    const said = word(`status_${message.status}`);
    mark.setAttribute("aria-label", message.error_code ? `${said} ${message.error_code}` : said);
  }
  mark.setAttribute("role", "img");
  mark.title = mark.getAttribute("aria-label");
  mark.classList.toggle("bad", bad);
  mark.classList.toggle("read", message.status === "read");
  return mark;
}

function foot(message, channel) {
  const line = make("p", "foot");
  line.setAttribute("aria-live", "off");
  line.append(make("time", "", clockTime(message.at)));
  if (message.automatic) line.append(make("span", "", word("operator")));
  if (channel === "sms") {
    line.append(make("span", "parts", word("parts", message.segments)));
    line.append(make("span", message.encoding === "UCS-2" ? "encoding dear" : "encoding", message.encoding));
  }
  if (message.error_code) line.append(make("span", "code", `${word("failed")} ${message.error_code}`));
  if (!message.automatic) line.append(ticks(message));
  return line;
}

function file({ content_type: type, shown_at: url }) {
  if (type.startsWith("image/") && url) {
    const image = make("img", type === "image/webp" ? "sticker" : "photo");
    image.src = url;
    image.alt = word(type === "image/webp" ? "sticker_alt" : "photo_alt");
    return image;
  }
  if (type.startsWith("audio/") && url) {
    const sound = make("audio");
    sound.controls = true;
    sound.preload = "none";
    sound.src = url;
    return sound;
  }
  const kind = type === "text/vcard" ? "file_contact" : type === "text/plain" ? "file_document" : "file_other";
  const box = make("p", "file");
  box.append(icon("file"), make("span", "", word(kind)));
  return box;
}

function place([latitude, longitude, label]) {
  const box = make("p", "file place");
  box.append(icon("place"));
  box.append(make("span", "", `${label || word("place_title")} · ${Number(latitude).toFixed(3)}, ${Number(longitude).toFixed(3)}`));
  return box;
}

function buttons(message, act) {
  const box = make("div", "taps");
  if (message.interactive.kind === "list-picker") {
    const open = make("button", "tap");
    open.type = "button";
    open.append(icon("list"), make("span", "", message.interactive.button || word("choose")));
    open.addEventListener("click", () => act.open(message));
    box.append(open);
    return box;
  }
  for (const item of message.interactive.items) {
    const button = make("button", "tap", item.title);
    button.type = "button";
    button.addEventListener("click", () => act.tap(message, item));
    box.append(button);
  }
  return box;
}

function lost(message) {
  return ["undelivered", "failed"].includes(message.status) || message.taken === false;
}

// What happened behind the texts, on a phone that talks to the draft.
function note(message) {
  const element = make("p", "bubble note", message.text);
  element.dataset.sid = message.sid;
  return element;
}

function bubble(message, channel, act) {
  if (message.direction === "note") return note(message);
  const element = make("article", `bubble ${message.direction === "in" ? "mine" : "theirs"}`);
  element.dataset.sid = message.sid;
  element.classList.toggle("lost", lost(message));
  element.classList.toggle("automatic", message.automatic);
  element.append(...message.media.map(file));
  if (message.location) element.append(place(message.location));
  if (message.text) {
    const text = make("p", "text");
    text.append(...(channel === "whatsapp" ? marked(message.text) : [message.text]));
    element.append(text);
  } else if (!message.media.length && !message.location) {
    element.append(make("p", "text none", word("empty_text")));
  }
  element.append(foot(message, channel));
  if (message.interactive) element.append(buttons(message, act));
  return element;
}

// A bubble that is there already only gets a new foot: a reader aloud must not hear the text again, and focus stays.
function bubbleIn(known, message, channel, act) {
  const old = known.get(message.sid);
  if (!old || old.dataset.language !== spoken()) {
    const fresh = bubble(message, channel, act);
    fresh.dataset.language = spoken();
    fresh.dataset.state = JSON.stringify(message);
    return fresh;
  }
  if (old.dataset.state !== JSON.stringify(message)) {
    old.dataset.state = JSON.stringify(message);
    old.querySelector(".foot").replaceWith(foot(message, channel));
    old.classList.toggle("lost", lost(message));
  }
  return old;
}

// All bubbles in order, with a line where a day begins.
export function draw(box, messages, channel, act) {
  const known = new Map([...box.querySelectorAll(".bubble")].map((element) => [element.dataset.sid, element]));
  const days = new Map([...box.querySelectorAll(".day")].map((element) => [element.textContent, element]));
  const wanted = [];
  let day = "";
  for (const message of messages) {
    const today = dayOf(message.at);
    if (today !== day) wanted.push(days.get(today) ?? make("p", "day", today));
    day = today;
    wanted.push(bubbleIn(known, message, channel, act));
  }
  for (const element of [...box.children]) if (!wanted.includes(element)) element.remove();
  wanted.forEach((element, index) => {
    if (box.children[index] !== element) box.insertBefore(element, box.children[index] ?? null);
  });
}
