// One row of the grid: its inputs, and what it knows besides (item, VAT code). The inputs are the truth.

import { byId, bdi, config, element, text } from "./context.js";
import { evaluate, plain } from "./decimal.js";

// The columns as the server describes them (documents.pages.Column).
const COLUMNS = new Map(config.columns.map((column) => [column.name, column]));
const named = (...kinds) => config.columns.filter((column) => kinds.includes(column.kind)).map((column) => column.name);
const NUMBERS = named("number");
const TEXTS = named("item", "text", "date");
const PICKERS = named("picker");
export const REQUIRED = config.columns.filter((column) => column.required).map((column) => column.name);

// What the VAT choice of a row means: category, rate, and a code where the person chooses codes.
const VAT = new Map(config.vat.map((choice) => [choice.value, choice]));
const same = (one, other) => Number(one) === Number(other);
// rates that more than one code charges: there the cell names the code too, unless it is the usual one
const SHARED = new Set(config.vat.map((choice) => choice.rate).filter((rate, at, rates) => rates.indexOf(rate) !== at));
const vatChoice = (line) => {
  const coded = line.tax_code && config.vat.find((choice) => choice.code && choice.code === line.tax_code);
  const fits = (choice) => (!line.tax_category || choice.category === line.tax_category) && same(choice.rate, line.vat_rate || "15");
  return (coded || (line.vat_rate || line.tax_category ? config.vat.find(fits) : null) || config.vat[0]).value;
};
// which cell shows a message about a field that has no cell of its own
const SHOWN_AT = { item: "description", item_code: "description", vat_rate: "vat", tax_category: "vat", tax_code: "vat", discount_amount: "discount_percent", id: "description" };
let serial = 0;

export class Row {
  constructor(line = {}) {
    this.element = byId("row-template").content.firstElementChild.cloneNode(true);
    this.element.row = this;
    this.key = (serial += 1);
    this.cells = {};
    for (const cell of this.element.querySelectorAll("[data-field]")) {
      this.cells[cell.dataset.field] = cell;
      cell.id = `cell-${this.key}-${cell.dataset.field}`;
    }
    this.vatMark = this.element.querySelector(".vat-mark");
    this.total = this.element.querySelector(".line-total");
    this.codeMark = this.element.querySelector(".item-code");
    this.touched = new Set();
    // cells filled by the supplier's habits: a row that holds nothing else is still empty
    this.given = new Set();
    this.messages = new Map();
    this.chosen = {};
    this.fill(line);
  }

  fill(line) {
    this.id = line.id ?? "";
    for (const field of [...NUMBERS, ...TEXTS]) this.cells[field].value = line[field] ?? "";
    for (const field of PICKERS) this.setChoice(field, line[field] ? { id: line[field], text: line[`${field}_name`] ?? "" } : null);
    this.setVat(vatChoice(line));
    this.setItem(line.item ? line : null);
  }

  // Ties the row to an item (or to none); the words and figures in the cells stay.
  setItem(line) {
    this.item = line?.item ?? "";
    this.itemCode = line?.item_code ?? "";
    this.tax = { choice: vatChoice(line ?? {}), code: line?.tax_code ?? "" };
    this.codeMark.replaceChildren(...(this.itemCode ? [bdi(this.itemCode, "code")] : []));
    this.codeMark.hidden = !this.itemCode;
  }

  // What a picker's cell holds: {id, text}, or nothing.
  setChoice(field, choice) {
    this.chosen[field] = choice;
    this.cells[field].value = choice?.text ?? "";
  }

  // Takes over an item from the picker; a quantity already typed stays.
  take(item) {
    this.fill({
      ...this.line(),
      id: this.id,
      item: item.id,
      item_code: item.code,
      description: item.name,
      description_arabic: item.name_arabic,
      quantity: this.cells.quantity.value || "1",
      unit: item.unit,
      unit_price: item.price,
      vat_rate: item.vat_rate,
      tax_category: item.tax_category,
      tax_code: item.tax_code ?? "",
    });
    this.clearMessages();
  }

  setVat(value) {
    this.cells.vat.value = value;
    this.markVat();
  }

  // The closed list is too narrow for a name: it shows the rate, and the code where the rate alone says too little.
  markVat() {
    const choice = VAT.get(this.cells.vat.value);
    if (!choice) return;
    this.vatMark.replaceChildren(bdi(`${choice.rate}%`));
    if (choice.code && choice !== config.vat[0] && SHARED.has(choice.rate)) this.vatMark.append(" ", bdi(choice.code, "code"));
    this.cells.vat.title = choice.title ?? "";
  }

  // A VAT code that asks for more than a rate, as customs does, does not take the party's usual account.
  vatChosen() {
    this.touched.add("vat");
    this.markVat();
    if (!VAT.get(this.cells.vat.value)?.asks) return;
    for (const field of PICKERS) {
      if (this.given.delete(field)) this.setChoice(field, null);
    }
  }

  get isBlank() {
    return !this.item && [...NUMBERS, ...TEXTS, ...PICKERS].every((field) => !this.cells[field].value.trim() || this.given.has(field));
  }

  // The line as the server reads it. `drawing`: what was not reached yet counts as 1 piece at 0, so that the sheet
  // follows the typing from the first letter.
  line(drawing = false) {
    const line = Object.fromEntries(TEXTS.map((field) => [field, this.cells[field].value]));
    for (const field of NUMBERS) line[field] = plain(this.cells[field].value);
    for (const field of PICKERS) {
      // what is typed without choosing goes to the server as it is: a code is understood, anything else refused there
      line[field] = this.chosen[field]?.id ?? this.cells[field].value.trim().slice(0, 20);
      line[`${field}_name`] = this.cells[field].value;
    }
    const choice = VAT.get(this.cells.vat.value) ?? config.vat[0];
    [line.tax_category, line.vat_rate] = [choice.category, choice.rate];
    // a stored line keeps its VAT code; for others the server takes the item's
    line.tax_code = choice.code || (choice.value === this.tax.choice ? this.tax.code : "");
    line.item = this.item;
    line.item_code = this.itemCode;
    if (this.id) line.id = this.id;
    if (drawing) {
      if (!line.quantity && !this.touched.has("quantity")) line.quantity = "1";
      if (!line.unit_price && !this.touched.has("unit_price")) line.unit_price = "0";
      if (/[*+×xX]/.test(line.quantity)) line.quantity = evaluate(line.quantity);
      if (!line.description && !line.item && !this.touched.has("description")) line.description = line.description_arabic || "…";
    }
    return line;
  }

  // The value a left cell settles on: sums and products computed, digits plain.
  settle(cell) {
    const { field } = cell.dataset;
    this.touched.add(field);
    this.given.delete(field);
    // what is typed into a picker without choosing is no choice
    if (PICKERS.includes(field) && cell.value !== (this.chosen[field]?.text ?? "")) this.chosen[field] = null;
    if (NUMBERS.includes(field) && cell.value) {
      const value = COLUMNS.get(field).sums ? evaluate(cell.value) : plain(cell.value);
      if (value !== cell.value) cell.value = value;
    }
  }

  clearMessages() {
    for (const field of [...this.messages.keys()]) this.say(field, "");
  }

  // Fills cells nobody typed in, as the party usually has them: {account, account_name, tax_code}.
  usual(habits) {
    if (!this.isBlank) return;
    for (const field of PICKERS) {
      if (!habits[field]) continue;
      this.setChoice(field, { id: habits[field], text: habits[`${field}_name`] });
      this.given.add(field);
    }
    if (habits.tax_code) this.setVat(vatChoice(habits));
  }

  // Shows the messages of the server in their cells; cells not reached yet stay quiet unless `all`.
  tell(errors, all) {
    const found = new Map();
    for (const { field, message } of errors) {
      const at = SHOWN_AT[field] ?? (this.cells[field] ? field : "description");
      if (all || this.touched.has(at)) found.set(at, found.has(at) ? `${found.get(at)} ${message}` : message);
    }
    for (const field of new Set([...found.keys(), ...this.messages.keys()])) this.say(field, found.get(field) ?? "");
  }

  say(field, message) {
    if ((this.messages.get(field) ?? "") === message) return;
    const cell = this.cells[field];
    const place = cell.closest("td");
    const id = `${cell.id}-error`;
    byId(id)?.remove();
    cell.removeAttribute("aria-invalid");
    cell.removeAttribute("aria-describedby");
    this.messages.delete(field);
    if (message) {
      this.messages.set(field, message);
      const note = element("div", "cell-error", message);
      note.id = id;
      note.dir = "auto";
      place.append(note);
      cell.setAttribute("aria-invalid", "true");
      cell.setAttribute("aria-describedby", id);
    }
    place.classList.toggle("cell--error", place.querySelector(".cell-error") !== null);
  }

  number(position) {
    this.element.querySelector(".rownum").textContent = position;
    this.element.setAttribute("aria-label", text("rowLabel", { row: position }));
  }
}
