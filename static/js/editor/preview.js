// The document beside the typing: asks for it through HTMX shortly after a change, shows it at scale, keeps the row
// being typed in sight. One request is under way at a time; the next one carries the newest typing, so an answer that
// is out of date is never shown over a newer one.

import { byId, config, text } from "./context.js";

const WAIT_MS = 30;
const STEPS = [0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.15, 1.3, 1.5];
const LANGUAGE_KEY = "mizan:print-language";

export class Preview extends EventTarget {
  // typed() -> {payload, rows}: what is on the left now, and its rows in the order sent
  constructor(typed) {
    super();
    this.typed = typed;
    this.form = byId("preview-form");
    this.pane = byId("preview-pane");
    this.sheet = byId("preview-sheet");
    this.sent = { stamp: 0, rows: [] };
    this.zoom = null;
    this.wireRequest();
    this.wireLanguage();
    this.wireZoom();
  }

  wireRequest() {
    // the body is made when the request really leaves: what waited in line goes out as it is by then
    this.form.addEventListener("htmx:configRequest", (event) => {
      const { payload, rows } = this.typed();
      this.sent = { stamp: this.sent.stamp + 1, rows };
      event.detail.parameters.payload = JSON.stringify({ ...payload, language: this.language, stamp: this.sent.stamp });
    });
    this.form.addEventListener("htmx:responseError", (event) => {
      if (event.detail.xhr.status === 401) this.dispatchEvent(new Event("signedout"));
    });
    this.sheet.addEventListener("htmx:afterSwap", (event) => {
      if (event.target === this.sheet) this.show();
    });
    this.form.addEventListener("htmx:sendError", () => this.dispatchEvent(new Event("offline")));
  }

  refresh() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => htmx.trigger(this.form, "preview"), WAIT_MS);
  }

  show() {
    const holder = byId("preview-state");
    if (!holder) return;
    const state = JSON.parse(holder.dataset.state);
    if (state.stamp !== this.sent.stamp) return;
    const { rows } = this.sent;
    rows.forEach((row, at) => { row.total.textContent = state.lines[at] ?? "–"; });
    this.scale();
    this.follow(this.row, false);
    this.dispatchEvent(new CustomEvent("shown", { detail: { ...state, rows } }));
  }

  // Marks the row being typed on the sheet and brings it into sight.
  follow(row, scroll = true) {
    this.row = row;
    const at = this.sent.rows.indexOf(row);
    this.sheet.querySelector("tr.is-typed")?.classList.remove("is-typed");
    const line = at < 0 ? null : this.sheet.querySelectorAll("tr[data-line]")[at];
    if (!line) return;
    line.classList.add("is-typed");
    const box = line.getBoundingClientRect(), pane = this.pane.getBoundingClientRect();
    if (scroll || box.top < pane.top || box.bottom > pane.bottom) {
      if (box.top < pane.top + 56) this.pane.scrollTop += box.top - pane.top - 96;
      else if (box.bottom > pane.bottom - 24) this.pane.scrollTop += box.bottom - pane.bottom + 96;
    }
  }

  wireLanguage() {
    const buttons = [...document.querySelectorAll("[data-print-language]")];
    const set = (language) => {
      this.language = language;
      buttons.forEach((button) => button.setAttribute("aria-pressed", String(button.dataset.printLanguage === language)));
    };
    set(localStorage.getItem(LANGUAGE_KEY) ?? "both");
    buttons.forEach((button) => button.addEventListener("click", () => {
      set(button.dataset.printLanguage);
      localStorage.setItem(LANGUAGE_KEY, this.language);
      this.refresh();
    }));
  }

  wireZoom() {
    byId("zoom-in").addEventListener("click", () => this.step(1));
    byId("zoom-out").addEventListener("click", () => this.step(-1));
    byId("zoom-fit").addEventListener("click", () => { this.zoom = null; this.scale(); });
    new ResizeObserver(() => this.scale()).observe(this.pane);
  }

  get fitting() {
    const room = this.pane.clientWidth - 48;
    const width = 794; // A4 at 96 dots an inch
    return Math.max(0.3, Math.min(room / width, 1.25));
  }

  step(direction) {
    const now = this.zoom ?? this.fitting;
    const next = direction > 0 ? STEPS.find((step) => step > now + 0.01) : STEPS.findLast((step) => step < now - 0.01);
    this.zoom = next ?? now;
    this.scale();
  }

  scale() {
    if (!this.pane.clientWidth) return;
    const zoom = this.zoom ?? this.fitting;
    this.sheet.style.zoom = zoom;
    byId("zoom-fit").textContent = `${Math.round(zoom * 100)}%`;
    const article = this.sheet.querySelector("article");
    if (!article) return;
    // a page of the printed document carries 297 mm less its margins
    const pages = Math.max(1, Math.ceil((article.scrollHeight - 24) / 1123));
    byId("page-mark").textContent = text(pages === 1 ? "onePage" : "pages", { pages });
  }
}
