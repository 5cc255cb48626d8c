// The fields above and below the grid: the party, dates, currency, notes - as the server describes them.

import { bdi, byId, config, element, find, nameOf, names, send, text } from "./context.js";
import { plain } from "./decimal.js";
import { Picker } from "./picker.js";

const FIELDS = config.fields.map((field) => field.name);
const NUMBERS = config.fields.filter((field) => field.kind === "number").map((field) => field.name);
const HIDDEN = new Map(config.fields.filter((field) => field.shown !== "always").map((field) => [field.name, field.shown]));
const CHECKED = config.fields.filter((field) => field.check);
const CHECK_AFTER_MS = 250;
const { field: PARTY, block: BLOCK, then: THEN } = config.party;

const addDays = (day, days) => {
  const [year, month, date] = day.split("-").map(Number);
  const moved = new Date(Date.UTC(year, month - 1, date + days));
  return moved.toISOString().slice(0, 10);
};

export class Header extends EventTarget {
  constructor() {
    super();
    this.form = byId("header-form");
    this.fields = Object.fromEntries(FIELDS.map((name) => [name, byId(`field-${name}`)]));
    this.partyInput = byId(`field-${PARTY}`);
    this.party = null;
    this.dueTyped = false;
    this.picker = new Picker({
      find: (query, signal) => find(config.urls.parties, query, signal),
      draw: (one) => [bdi(one.code, "code picker-code"), names(one), element("span", "picker-price num", one.open === "0.00" ? "" : text("owes", { amount: one.open }))],
      picked: (one) => { this.setParty(one); this.changed(); this.fields[THEN]?.focus(); this.check(); this.dispatchEvent(new Event("party")); },
      create: { url: config.urls.newParty, label: text("newParty") },
    });
    this.partyInput.addEventListener("input", () => {
      if (this.party && this.partyInput.value !== nameOf(this.party)) { this.party = null; this.facts(); this.changed(); }
      this.picker.search(this.partyInput);
    });
    this.partyInput.addEventListener("keydown", (event) => {
      if (this.picker.key(event)) return;
      if (event.key === "Enter" && !event.ctrlKey && !event.metaKey) event.preventDefault();
    });
    this.partyInput.addEventListener("focus", () => this.partyInput.select());
    this.partyInput.addEventListener("blur", () => {
      this.picker.close();
      if (this.party) this.partyInput.value = nameOf(this.party);
    });
    for (const [name, field] of Object.entries(this.fields)) {
      field.addEventListener("input", () => {
        if (name === "due_date") this.dueTyped = field.value !== "";
        if (name === "issue_date") this.dueFollows();
        if (name === "currency") this.rateShown();
        this.say(name, "");
        if (CHECKED.some((one) => one.name === name)) this.check();
        this.changed();
      });
      field.addEventListener("keydown", (event) => {
        if (event.key === "Enter" && field.tagName === "INPUT" && !event.ctrlKey && !event.metaKey) event.preventDefault();
      });
    }
  }

  changed() {
    this.dispatchEvent(new Event("change"));
  }

  setParty(party) {
    this.party = party;
    this.partyInput.value = party ? nameOf(party) : "";
    this.say(PARTY, "");
    this.dueFollows();
    this.facts();
  }

  facts() {
    const note = byId("party-facts");
    note.replaceChildren();
    if (!this.party) return;
    const { open, limit, over, vat_number: vat } = this.party;
    const line = element("span", over ? "field-error" : "", limit ? text("openOf", { open, limit }) : text("open", { open }));
    note.append(line);
    if (vat) note.append(" · ", bdi(vat, "code"));
  }

  // The due date follows date and terms until somebody types one.
  dueFollows() {
    if (!this.fields.due_date || this.dueTyped || !this.fields.issue_date.value) return;
    this.fields.due_date.value = addDays(this.fields.issue_date.value, this.party?.terms ?? config.terms);
  }

  rateShown() {
    const own = this.fields.currency.value === config.currency;
    for (const [name, shown] of HIDDEN) {
      if (shown !== "foreign") continue;
      this.reveal(name, !own);
      if (own) this.fields[name].value = "";
    }
  }

  reveal(name, shown = true) {
    this.fields[name].closest("[data-head]").hidden = !shown;
  }

  // Fields that somebody asks for only when there is reason to: shown while they hold something or a message.
  askedShown() {
    for (const [name, shown] of HIDDEN) {
      if (shown === "asked") this.reveal(name, this.fields[name].value !== "" || byId(`note-${name}`).textContent !== "" || this.asked === name);
    }
  }

  // Asks the server about a field while it is typed, for example whether the supplier's number is known already.
  check() {
    clearTimeout(this.checkTimer);
    if (!CHECKED.length) return;
    this.checkTimer = setTimeout(async () => {
      for (const field of CHECKED) {
        const value = this.fields[field.name].value.trim();
        const query = new URLSearchParams({ [PARTY]: this.party?.id ?? "", document: config.document, value });
        const { status, body } = value && this.party ? await send("GET", `${config.urls[field.check]}?${query}`).catch(() => ({ status: 0 })) : { status: 200, body: {} };
        if (status !== 200 || this.fields[field.name].value.trim() !== value) continue;
        this.warn(field.name, body);
      }
    }, CHECK_AFTER_MS);
  }

  // A warning at a field, with a link to what it is about, and the field that answers it.
  warn(name, { message = "", url = "", number = "", ask = "" }) {
    const note = byId(`note-${name}`);
    this.asked = ask || null;
    this.fields[name].classList.toggle("is-warned", Boolean(message));
    note.classList.toggle("field-warn", Boolean(message));
    note.replaceChildren(...(message ? [message] : []));
    if (message && url) {
      const link = element("a", "code", number);
      link.href = url;
      link.target = "_blank";
      link.rel = "noopener";
      note.append(" ", link);
    }
    this.askedShown();
  }

  fill(payload, party) {
    for (const [name, field] of Object.entries(this.fields)) {
      if (field.type === "checkbox") field.checked = payload[name] === true;
      else if (payload[name] !== undefined && payload[name] !== null) field.value = payload[name];
    }
    if (!this.fields.currency.value) this.fields.currency.value = config.currency;
    this.dueTyped = Boolean(payload.due_date);
    this.setParty(party);
    this.rateShown();
    this.askedShown();
    this.check();
    if (payload.notes || payload.notes_arabic || payload.prices_include_tax || Number(payload.document_discount)) byId("more-fields").open = true;
  }

  payload() {
    const payload = {};
    for (const [name, field] of Object.entries(this.fields)) {
      if (field.type === "checkbox") payload[name] = field.checked;
      else payload[name] = NUMBERS.includes(name) ? plain(field.value) : field.value;
    }
    payload[PARTY] = this.party?.id ?? "";
    payload[BLOCK] = this.party?.printed ?? {};
    return payload;
  }

  say(name, message) {
    const field = name === PARTY ? this.partyInput : this.fields[name];
    if (!field) return false;
    const note = byId(`note-${name}`);
    if (!note.classList.contains("field-warn") || message) {
      note.classList.remove("field-warn");
      if (note.textContent !== message) note.textContent = message;
    }
    field.toggleAttribute("aria-invalid", false);
    if (message) {
      field.setAttribute("aria-invalid", "true");
      if (field.closest("details")) field.closest("details").open = true;
      field.closest("[data-head]")?.removeAttribute("hidden");
    }
    return true;
  }

  // Shows messages at their fields; returns those that have no field here.
  tell(errors) {
    for (const name of [PARTY, ...Object.keys(this.fields)]) this.say(name, "");
    return errors.filter(({ field, message }) => !this.say(field, message));
  }
}
