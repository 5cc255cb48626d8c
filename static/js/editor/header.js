// The fields above and below the grid: customer, dates, currency, notes.

import { bdi, byId, config, element, find, nameOf, text } from "./context.js";
import { plain } from "./decimal.js";
import { Picker } from "./picker.js";

const FIELDS = ["issue_date", "due_date", "supply_date", "currency", "exchange_rate", "salesperson", "reference", "number", "notes", "notes_arabic", "document_discount"];
const NUMBERS = ["exchange_rate", "document_discount"];

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
    this.customerInput = byId("field-customer");
    this.customer = null;
    this.dueTyped = false;
    this.picker = new Picker({
      find: (query, signal) => find(config.urls.customers, query, signal),
      draw: (one) => [bdi(one.code, "code picker-code"), bdi(nameOf(one), "picker-name"), element("span", "picker-price num", one.open === "0.00" ? "" : text("owes", { amount: one.open }))],
      picked: (one) => { this.setCustomer(one); this.changed(); this.fields.reference.focus(); this.dispatchEvent(new Event("customer")); },
      create: { url: config.urls.newCustomer, label: text("newCustomer") },
    });
    this.customerInput.addEventListener("input", () => {
      if (this.customer && this.customerInput.value !== nameOf(this.customer)) { this.customer = null; this.facts(); this.changed(); }
      this.picker.search(this.customerInput);
    });
    this.customerInput.addEventListener("keydown", (event) => {
      if (this.picker.key(event)) return;
      if (event.key === "Enter" && !event.ctrlKey && !event.metaKey) event.preventDefault();
    });
    this.customerInput.addEventListener("focus", () => this.customerInput.select());
    this.customerInput.addEventListener("blur", () => {
      this.picker.close();
      if (this.customer) this.customerInput.value = nameOf(this.customer);
    });
    for (const [name, field] of Object.entries(this.fields)) {
      field.addEventListener("input", () => {
        if (name === "due_date") this.dueTyped = field.value !== "";
        if (name === "issue_date") this.dueFollows();
        if (name === "currency") this.rateShown();
        this.say(name, "");
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

  setCustomer(customer) {
    this.customer = customer;
    this.customerInput.value = customer ? nameOf(customer) : "";
    this.say("customer", "");
    this.dueFollows();
    this.facts();
  }

  facts() {
    const note = byId("customer-facts");
    note.replaceChildren();
    if (!this.customer) return;
    const { open, limit, over, vat_number: vat } = this.customer;
    const line = element("span", over ? "field-error" : "", limit ? text("openOf", { open, limit }) : text("open", { open }));
    note.append(line);
    if (vat) note.append(" · ", bdi(vat, "code"));
  }

  // The due date follows date and terms until somebody types one.
  dueFollows() {
    if (this.dueTyped || !this.fields.issue_date.value) return;
    this.fields.due_date.value = addDays(this.fields.issue_date.value, this.customer?.terms ?? config.terms);
  }

  rateShown() {
    const own = this.fields.currency.value === config.currency;
    byId("rate-field").hidden = own;
    if (own) this.fields.exchange_rate.value = "";
  }

  fill(payload, customer) {
    for (const [name, field] of Object.entries(this.fields)) {
      if (payload[name] !== undefined && payload[name] !== null) field.value = payload[name];
    }
    if (!this.fields.currency.value) this.fields.currency.value = config.currency;
    this.dueTyped = Boolean(payload.due_date);
    this.setCustomer(customer);
    if (this.fields.currency.value === config.currency) this.fields.exchange_rate.value = "";
    this.rateShown();
    if (payload.notes || payload.notes_arabic || Number(payload.document_discount)) byId("more-fields").open = true;
  }

  payload() {
    const payload = {};
    for (const [name, field] of Object.entries(this.fields)) {
      payload[name] = NUMBERS.includes(name) ? plain(field.value) : field.value;
    }
    payload.customer = this.customer?.id ?? "";
    payload.buyer = this.customer?.buyer ?? {};
    return payload;
  }

  say(name, message) {
    const field = name === "customer" ? this.customerInput : this.fields[name];
    if (!field) return false;
    const note = byId(`note-${name}`);
    if (note.textContent !== message) note.textContent = message;
    field.toggleAttribute("aria-invalid", false);
    if (message) {
      field.setAttribute("aria-invalid", "true");
      if (field.closest("details")) field.closest("details").open = true;
      if (byId("rate-field").contains(field)) byId("rate-field").hidden = false;
    }
    return true;
  }

  // Shows messages at their fields; returns those that have no field here.
  tell(errors) {
    for (const name of ["customer", ...Object.keys(this.fields)]) this.say(name, "");
    return errors.filter(({ field, message }) => !this.say(field, message));
  }
}
