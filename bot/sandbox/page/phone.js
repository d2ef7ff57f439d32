// Phones on a table: what they hold, what they send, and a switch for trouble.
import { showFaults } from "/page/draft.js";
import { draw, make } from "/page/thread.js";
import { name, speak, spoken, word } from "/page/words.js";

const KEPT = "dellusi.phones.1";
const NAMES = ["Awa", "Modou", "Fatou", "Ibrahima", "Aminata", "Cheikh", "Khady", "Ousmane"];
const STARTERS = [
  { name: "Awa", number: "+221770000001", channel: "sms", role: "returnee" },
  { name: "Modou", number: "+221770000002", channel: "whatsapp", role: "returnee" },
];
const TOUBA = { latitude: 14.8586, longitude: -15.8758, label: "Touba" };
const find = (id) => document.getElementById(id);
const phones = [];
// Each side counts from one again when the sandbox is started anew.
const epochs = { published: "", draft: "" };
let drafts = false;
let made = 0;

async function ask(path, document) {
  const options = document === undefined ? {} : { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(document) };
  const answer = await fetch(`/control/${path}`, options);
  const said = await answer.json();
  if (!answer.ok) throw new Error(said.error ?? answer.statusText);
  return said;
}

function tell(text) {
  const toast = find("toast");
  toast.textContent = text;
  toast.classList.add("shown");
  clearTimeout(tell.timer);
  tell.timer = setTimeout(() => toast.classList.remove("shown"), 4500);
}

class Phone {
  constructor(holder) {
    this.element = find("phone-template").content.firstElementChild.cloneNode(true);
    this.thread = this.element.querySelector(".thread");
    this.field = this.element.querySelector("textarea");
    this.tab = make("button", "tab");
    this.tab.type = "button";
    made += 1;
    for (const radio of this.sources) radio.name = `source-${made}`;
    this.tab.addEventListener("click", () => this.show());
    this.listen();
    // The thread stays at its end when the panel or a keyboard takes room away.
    this.atEnd = true;
    this.thread.addEventListener("scroll", () => {
      const size = `${this.thread.clientWidth} ${this.thread.clientHeight}`;
      if (size !== this.size) return;
      this.atEnd = this.thread.scrollHeight - this.thread.scrollTop - this.thread.clientHeight < 60;
    });
    new ResizeObserver(() => {
      this.size = `${this.thread.clientWidth} ${this.thread.clientHeight}`;
      this.toEnd();
    }).observe(this.thread);
    this.hold(holder);
  }

  get address() {
    return (this.holder.channel === "whatsapp" ? "whatsapp:" : "") + this.holder.number;
  }

  get sources() {
    return [...this.element.querySelectorAll(".source input")];
  }

  // What answers: the flows that are published, or the draft on disk. Partners write to the service alone.
  get source() {
    return drafts && this.holder.draft && this.holder.role === "returnee" ? "draft" : "published";
  }

  get way() {
    return this.source === "draft" ? "draft/" : "phones/";
  }

  hold(holder) {
    this.holder = holder;
    this.forget();
    this.dress();
    this.poll();
  }

  forget() {
    this.since = 0;
    this.messages = new Map();
    this.faults = [];
    this.chosen = "";
    this.redraw();
  }

  // Everything that depends on who holds it and on the language of the page.
  dress() {
    const { name: called, number, channel, role } = this.holder;
    const way = channel === "whatsapp" ? "WhatsApp" : "SMS";
    this.element.className = `phone ${channel} ${role} ${this.source}`;
    this.element.querySelector(".source").hidden = !drafts || role !== "returnee";
    for (const radio of this.sources) radio.checked = radio.value === this.source;
    this.element.querySelector(".repeat").hidden = this.source === "draft";
    for (const kind of [".later", ".anew"]) this.element.querySelector(kind).hidden = this.source !== "draft";
    this.element.setAttribute("aria-label", word("phone_of", called, way));
    this.thread.setAttribute("aria-label", word("thread_of", called));
    this.element.querySelector(".face").textContent = called.slice(0, 1).toUpperCase();
    this.element.querySelector("h2").textContent = called;
    this.element.querySelector(".number").textContent = number;
    this.element.querySelector(".channel").textContent = way;
    this.element.querySelector(".start p").textContent = word(this.source === "draft" ? "start_draft" : `start_${role}`);
    this.tab.textContent = called;
    for (const part of this.element.querySelectorAll("[data-label]")) name(part);
    const chips = role === "returnee" ? word("chips").map((text) => this.chip(text)) : [];
    this.element.querySelector(".chips").replaceChildren(...chips);
    for (const kind of ["voice", "place", "sticker"]) this.element.querySelector(`[data-send=${kind}]`).hidden = channel === "sms";
    this.redraw();
  }

  chip(text) {
    const chip = make("button", "chip", text);
    chip.type = "button";
    chip.addEventListener("click", () => this.send({ text }));
    return chip;
  }

  listen() {
    const on = (selector, act) => this.element.querySelector(selector).addEventListener("click", act);
    on(".repeat", () => this.repeat());
    on(".later", () => this.send({ text: "/wait 1d" }));
    on(".anew", () => this.anew());
    for (const radio of this.sources) {
      radio.addEventListener("change", () => {
        this.hold({ ...this.holder, draft: radio.value === "draft" });
        keep();
      });
    }
    on(".edit", () => edit(this));
    on(".remove", () => removePhone(this));
    for (const kind of ["voice", "photo", "sticker"]) on(`[data-send=${kind}]`, () => this.send({ media: kind }));
    on("[data-send=place]", () => this.send({ location: TOUBA }));
    on("[data-send=empty]", () => this.send({ text: "" }));
    this.element.querySelector("form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.sendField();
    });
    this.field.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.sendField();
    });
    this.field.addEventListener("input", () => this.fit());
  }

  fit() {
    this.field.rows = Math.min(5, Math.max(1, this.field.value.split("\n").length, Math.ceil(this.field.value.length / 34)));
  }

  sendField() {
    const text = this.field.value;
    if (!text.trim()) return;
    // What was typed stays until the draft is whole again.
    if (this.faults.length) return tell(word("draft_first"));
    this.field.value = "";
    this.fit();
    return this.send({ text });
  }

  async anew() {
    await ask("draft/anew", { address: this.address });
    this.forget();
    this.poll();
  }

  async send(what) {
    const { name: called, number, channel } = this.holder;
    setTimeout(() => this.poll(), 60);
    try {
      const answer = await ask(`${this.way}send`, { from: number, channel, name: called, lang: spoken(), ...what });
      if (!answer.taken) tell(word("not_taken", answer.attempts.length));
    } catch (problem) {
      tell(problem.message);
    }
    this.poll();
  }

  async repeat() {
    if (![...this.messages.values()].some((message) => message.direction === "in")) return tell(word("nothing_to_repeat"));
    try {
      const answer = await ask("phones/repeat", { address: this.address, times: 10, at_once: true });
      tell(word("repeated", answer.times, answer.taken));
    } catch (problem) {
      tell(problem.message);
    }
    return this.poll();
  }

  async poll() {
    const { address, since, source, way } = this;
    let answer;
    try {
      answer = await ask(`${way}${encodeURIComponent(address)}/messages?since=${since}&lang=${spoken()}`);
    } catch {
      return false;
    }
    if (address !== this.address || since !== this.since || source !== this.source) return true;
    if (epochs[source] && answer.epoch !== epochs[source]) phones.filter((phone) => phone.source === source).forEach((phone) => phone.forget());
    epochs[source] = answer.epoch;
    this.faults = answer.faults ?? [];
    showFaults(this.element.querySelector(".faults"), this.faults);
    this.since = answer.next;
    this.take(answer.messages);
    return true;
  }

  take(messages) {
    const same = messages.every((message) => JSON.stringify(this.messages.get(message.sid)) === JSON.stringify(message));
    for (const message of messages) this.messages.set(message.sid, message);
    if (!same) this.redraw();
  }

  redraw() {
    const messages = [...this.messages.values()].sort((one, other) => one.serial - other.serial);
    const thread = this.thread;
    if (messages.length !== this.drawn) this.atEnd = true;
    draw(thread, messages, this.holder.channel, { tap: (message, item) => this.tap(message, item), open: (message) => openSheet(this, message) });
    this.toEnd();
    this.drawn = messages.length;
    this.element.querySelector(".start").hidden = messages.length > 0;
    const billed = messages.filter((message) => message.direction === "out" && !message.automatic && !message.error_code);
    const parts = billed.reduce((sum, message) => sum + message.segments, 0);
    const bill = this.element.querySelector(".bill");
    bill.textContent = this.holder.channel === "sms" && parts ? (parts === 1 ? word("bill_one") : word("bill", parts)) : "";
  }

  toEnd() {
    if (this.atEnd) this.thread.scrollTop = this.thread.scrollHeight;
  }

  tap(message, item) {
    this.send({ button: { id: item.id, title: item.title, kind: message.interactive.kind }, message_sid: message.sid });
  }

  show() {
    this.element.scrollIntoView({ behavior: "smooth", block: "nearest", inline: "center" });
    this.field.focus({ preventScroll: true });
  }
}

// The list of a list picker.
function openSheet(phone, message) {
  const sheet = find("sheet");
  find("sheet-title").textContent = message.interactive.button || word("options");
  const rows = message.interactive.items.map((item) => {
    const button = make("button", "row");
    button.type = "button";
    button.append(make("strong", "", item.title));
    if (item.description) button.append(make("span", "", item.description));
    button.addEventListener("click", () => {
      sheet.close();
      phone.tap(message, item);
    });
    const row = make("li");
    row.append(button);
    return row;
  });
  find("sheet-items").replaceChildren(...rows);
  sheet.showModal();
}

// The table.
function keep() {
  const holders = phones.map((phone) => phone.holder);
  localStorage.setItem(KEPT, JSON.stringify({ language: spoken(), holders }));
}

function kept() {
  try {
    return JSON.parse(localStorage.getItem(KEPT)) ?? {};
  } catch {
    return {};
  }
}

function addPhone(holder) {
  const phone = new Phone(holder);
  phones.push(phone);
  find("desk").append(phone.element);
  find("tabs").append(phone.tab);
  return phone;
}

function removePhone(phone) {
  phones.splice(phones.indexOf(phone), 1);
  phone.element.remove();
  phone.tab.remove();
  keep();
  find("add").focus();
}

function nextNumber() {
  for (let count = 1; ; count += 1) {
    const number = `+22177${String(count).padStart(7, "0")}`;
    if (!phones.some((phone) => phone.holder.number === number)) return number;
  }
}

// The form for a new or a changed phone.
const editor = find("editor");
const form = editor.querySelector("form");

function edit(phone) {
  editor.phone = phone;
  const proposal = { name: NAMES[phones.length % NAMES.length], number: nextNumber(), channel: "sms", role: "returnee" };
  const holder = phone ? phone.holder : proposal;
  find("editor-title").textContent = word(phone ? "edit_phone" : "new_phone");
  find("editor-name").value = holder.name;
  find("editor-number").value = holder.number;
  form.elements.role.value = holder.role;
  form.elements.channel.value = holder.channel;
  find("editor-error").textContent = "";
  hint();
  editor.showModal();
  find("editor-name").select();
}

function hint() {
  const role = form.elements.role.value;
  find("editor-hint").textContent = word(`hint_${role}`);
  find("editor-number").toggleAttribute("list", false);
  if (role === "caseworker") find("editor-number").setAttribute("list", "partners");
}

// A partner is reached at a number of its own: propose the first one that has no phone yet.
function changeRole() {
  hint();
  const partner = [...find("partners").options].find((option) => !phones.some((phone) => phone.holder.number === option.value));
  if (editor.phone || form.elements.role.value !== "caseworker") return;
  find("editor-number").value = partner ? partner.value : "";
  find("editor-name").value = partner ? partner.label : "";
}

function fault(holder) {
  const other = phones.some((phone) => phone !== editor.phone && phone.holder.number === holder.number && phone.holder.channel === holder.channel);
  if (other) return word("taken_number");
  if (/^\+[1-9]\d{6,14}$/.test(holder.number)) return "";
  if (/^[A-Z]{2}\./.test(holder.number)) {
    return holder.channel === "whatsapp" && /^[A-Z]{2}\.[A-Za-z0-9]+$/.test(holder.number) ? "" : word("bad_hidden");
  }
  return word("bad_number");
}

function saveEditor(event) {
  event.preventDefault();
  const holder = {
    name: find("editor-name").value.trim() || "?",
    number: find("editor-number").value.replace(/[\s-]/g, ""),
    channel: form.elements.channel.value,
    role: form.elements.role.value,
  };
  const wrong = fault(holder);
  find("editor-error").textContent = wrong;
  if (wrong) return find("editor-number").focus();
  if (editor.phone) editor.phone.hold({ ...holder, draft: editor.phone.holder.draft });
  else addPhone(holder).show();
  editor.close();
  return keep();
}

// Trouble.
const SCRIPTS = {
  normal: [0, null],
  slow: [3, null],
  down: [0, { do: "500", next: null }],
  busy: [0, { do: "429", next: null }],
};

async function provide(kind) {
  const [seconds, script] = SCRIPTS[kind];
  await fetch("/control/faults", { method: "DELETE" });
  await ask("latency", { seconds });
  if (script) await ask("faults", script);
  look();
}

function kindOf(state) {
  const lasting = state.faults.find((line) => line.left === null);
  if (lasting?.kind === "500") return "down";
  if (lasting?.kind === "429") return "busy";
  if (state.faults.length) return "other";
  return state.latency.seconds >= 1 ? "slow" : "normal";
}

function showState(state) {
  const kind = kindOf(state);
  const badge = find("provider");
  badge.textContent = word(`state_${kind}`);
  badge.className = `badge ${kind}`;
  const radio = document.querySelector(`input[name=provider][value=${kind}]`);
  if (radio) radio.checked = true;
  find("shuffle").checked = state.callbacks.shuffle;
  find("read").checked = state.callbacks.read;
  const hours = Math.round(state.clock.offset / 3600);
  find("clock").textContent = hours ? word("ahead", hours) : "";
  const options = state.partners.map(([called, number]) => {
    const option = make("option");
    option.value = number;
    option.label = called;
    return option;
  });
  if (find("partners").options.length !== options.length) find("partners").replaceChildren(...options);
}

async function look() {
  try {
    showState(await ask("state"));
  } catch {
    find("provider").textContent = word("state_gone");
    find("provider").className = "badge gone";
  }
}

async function watch() {
  const waits = document.hidden ? 4000 : 700;
  await Promise.all(phones.map((phone) => phone.poll()));
  setTimeout(watch, waits);
}

function say(code) {
  speak(code);
  find("language").textContent = word("other");
  find("language").lang = word("other_code");
  phones.forEach((phone) => phone.dress());
  look();
}

async function begin() {
  const { language, holders } = kept();
  speak(language ?? "fr");
  drafts = await ask("draft").then((answer) => answer.here, () => false);
  for (const holder of holders?.length ? holders : STARTERS) addPhone(holder);
  say(language ?? "fr");
  find("add").addEventListener("click", () => edit(null));
  find("language").addEventListener("click", () => {
    say(word("other_code"));
    keep();
  });
  find("trouble").addEventListener("click", (event) => {
    const panel = find("panel");
    panel.hidden = !panel.hidden;
    event.currentTarget.setAttribute("aria-expanded", String(!panel.hidden));
  });
  for (const radio of document.querySelectorAll("input[name=provider]")) radio.addEventListener("change", () => provide(radio.value));
  const reports = () => ask("callbacks", { shuffle: find("shuffle").checked, repeat: find("shuffle").checked ? 2 : 1, read: find("read").checked });
  find("shuffle").addEventListener("change", reports);
  find("read").addEventListener("change", reports);
  find("tomorrow").addEventListener("click", async () => showState(await ask("clock", { offset: 25 * 3600 })));
  find("today").addEventListener("click", async () => showState(await ask("clock", { offset: 0 })));
  find("clear").addEventListener("click", async () => {
    showState(await ask("clear", {}));
    if (drafts) await ask("draft/anew", {});
    phones.forEach((phone) => phone.forget());
  });
  for (const radio of form.elements.role) radio.addEventListener("change", changeRole);
  form.addEventListener("submit", saveEditor);
  for (const button of document.querySelectorAll("[data-close]")) button.addEventListener("click", () => button.closest("dialog").close());
  setInterval(look, 5000);
  watch();
}

begin();
