// A phone on the draft: what is wrong with it, for its author to correct.
import { make } from "/page/thread.js";
import { spoken, word } from "/page/words.js";

const SHOWN = 20;

function fault({ file, line, key, sentence }) {
  const item = make("li");
  item.append(make("code", "where", line ? `${file}:${line}` : file));
  if (key) item.append(make("code", "key", key));
  item.append(make("span", "", sentence));
  return item;
}

// Drawn again only when it has changed: a reader aloud says it once.
export function showFaults(box, faults) {
  const state = spoken() + JSON.stringify(faults);
  if (box.dataset.state === state) return;
  box.dataset.state = state;
  box.hidden = faults.length === 0;
  if (box.hidden) return box.replaceChildren();
  const list = make("ul");
  list.append(...faults.slice(0, SHOWN).map(fault));
  const head = faults.length === 1 ? word("fault_one") : word("faults", faults.length);
  box.replaceChildren(make("strong", "", head), list);
}
