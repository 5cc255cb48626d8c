// A list of choices under a field (combobox): for items in the grid and for parties and accounts. One list floats for all.

import { byId, text } from "./context.js";

const SEARCH_AFTER_MS = 60;

export class Picker {
  // find(query, signal) -> rows; draw(row) -> nodes; picked(row, input); free: typed text may stay as it is.
  constructor({ find, draw, picked, free = false, create = null }) {
    Object.assign(this, { find, draw, picked, free, create });
    this.list = byId("picker-list");
    this.rows = [];
    this.chosen = -1;
    this.input = null;
    this.pending = null;
  }

  get isOpen() {
    return this.input !== null && !this.list.hidden && this.list.owner === this;
  }

  // Searches a little after the last key; the promise is kept, so that Enter right after a scan can wait for it.
  search(input, after = SEARCH_AFTER_MS) {
    this.input = input;
    this.request?.abort();
    this.request = new AbortController();
    const { signal } = this.request;
    const query = input.value.trim();
    clearTimeout(this.timer);
    if (!query) {
      this.pending = null;
      this.close();
      return;
    }
    this.pending = new Promise((resolve) => {
      this.timer = setTimeout(async () => {
        try {
          const rows = await this.find(query, signal);
          if (!signal.aborted && document.activeElement === input) this.show(rows);
          resolve(rows);
        } catch {
          resolve([]);
        }
      }, after);
    });
  }

  show(rows) {
    this.rows = rows;
    this.list.owner = this;
    this.list.replaceChildren(...rows.map((row, at) => this.option(row, at)));
    if (!rows.length) {
      const nothing = document.createElement("div");
      nothing.className = "picker-note";
      nothing.textContent = this.free ? text("nothingFoundFree") : text("nothingFound");
      this.list.append(nothing);
    }
    if (this.create?.url) this.list.append(this.newLink());
    this.list.hidden = false;
    this.input.setAttribute("aria-expanded", "true");
    this.place();
    this.choose(rows.length ? 0 : -1);
  }

  newLink() {
    const link = document.createElement("a");
    link.className = "picker-new";
    link.href = this.create.url;
    link.target = "_blank";
    link.rel = "noopener";
    link.tabIndex = -1;
    link.textContent = this.create.label;
    return link;
  }

  option(row, at) {
    const option = document.createElement("div");
    option.className = "picker-option";
    option.id = `picker-option-${at}`;
    option.setAttribute("role", "option");
    option.append(...this.draw(row));
    // pointerdown, not click: the field keeps the focus
    option.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      this.take(at);
    });
    option.addEventListener("pointermove", () => at !== this.chosen && this.choose(at));
    return option;
  }

  place() {
    const box = this.input.getBoundingClientRect();
    const width = Math.min(Math.max(box.width, 440), window.innerWidth - 24);
    const { style } = this.list;
    style.inlineSize = `${width}px`;
    const start = document.documentElement.dir === "rtl" ? box.right - width : box.left;
    style.left = `${Math.max(12, Math.min(start, window.innerWidth - width - 12))}px`;
    const below = window.innerHeight - box.bottom;
    const height = this.list.offsetHeight;
    style.top = below < height + 8 && box.top > below ? `${Math.max(8, box.top - height - 2)}px` : `${box.bottom + 2}px`;
  }

  choose(at) {
    this.chosen = at;
    const options = this.list.querySelectorAll(".picker-option");
    options.forEach((option, place) => option.setAttribute("aria-selected", String(place === at)));
    if (at >= 0) {
      options[at].scrollIntoView({ block: "nearest" });
      this.input.setAttribute("aria-activedescendant", options[at].id);
    } else {
      this.input.removeAttribute("aria-activedescendant");
    }
  }

  take(at) {
    const { input } = this;
    const row = this.rows[at];
    this.close();
    if (row) this.picked(row, input);
  }

  close() {
    this.request?.abort();
    clearTimeout(this.timer);
    this.pending = null;
    if (this.list.owner !== this) return;
    this.list.hidden = true;
    this.list.owner = null;
    this.input?.setAttribute("aria-expanded", "false");
    this.input?.removeAttribute("aria-activedescendant");
  }

  // Returns true when the key was the list's. Enter takes the chosen row; a scan that is still being looked up is awaited.
  key(event) {
    if (event.isComposing) return false;
    if (event.key === "Enter" && !event.ctrlKey && !event.metaKey && this.pending) {
      event.preventDefault();
      this.enter(event.target);
      return true;
    }
    if (!this.isOpen) return false;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (this.rows.length) this.choose((this.chosen + (event.key === "ArrowDown" ? 1 : -1) + this.rows.length) % this.rows.length);
    } else if (event.key === "Escape") {
      this.close();
    } else {
      if (event.key === "Tab") this.close();
      return false;
    }
    event.preventDefault();
    event.stopPropagation();
    return true;
  }

  async enter(input) {
    const wanted = input.value;
    const rows = await this.pending;
    this.pending = null;
    if (document.activeElement !== input || input.value !== wanted) return;
    if (!rows.length) {
      this.close();
      if (this.free) this.picked(null, input);
      return;
    }
    if (!this.isOpen) this.show(rows);
    this.take(Math.max(this.chosen, 0));
  }
}

addEventListener("resize", () => byId("picker-list")?.owner?.close());
document.addEventListener("scroll", (event) => {
  const list = byId("picker-list");
  if (list?.owner && event.target !== list) list.owner.isOpen && list.owner.place();
}, true);
