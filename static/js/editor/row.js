// One row of the grid: its inputs, and what it knows besides (item, VAT code). The inputs are the truth.

import { byId, bdi, element, text } from "./context.js";
import { evaluate, plain } from "./decimal.js";

// What the VAT choice of a row means: category and rate.
const VAT = { 15: ["S", "15"], 5: ["S", "5"], 0: ["Z", "0"], E: ["E", "0"], O: ["O", "0"] };
const vatChoice = (line) => (["E", "O"].includes(line.tax_category) ? line.tax_category : line.vat_rate || "15");

const NUMBERS = ["quantity", "unit_price", "discount_percent"];
const TEXTS = ["description", "description_arabic", "unit"];
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
    this.total = this.element.querySelector(".line-total");
    this.codeMark = this.element.querySelector(".item-code");
    this.touched = new Set();
    this.messages = new Map();
    this.fill(line);
  }

  fill(line) {
    this.id = line.id ?? "";
    for (const field of [...NUMBERS, ...TEXTS]) this.cells[field].value = line[field] ?? "";
    this.cells.vat.value = vatChoice(line);
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

  // Takes over an item from the picker; a quantity already typed stays.
  take(item) {
    this.fill({
      id: this.id,
      item: item.id,
      item_code: item.code,
      description: item.name,
      description_arabic: item.name_arabic,
      quantity: this.cells.quantity.value || "1",
      unit: item.unit,
      unit_price: item.price,
      discount_percent: this.cells.discount_percent.value,
      vat_rate: item.vat_rate,
      tax_category: item.tax_category,
    });
    this.clearMessages();
  }

  get isBlank() {
    return !this.item && [...NUMBERS, ...TEXTS].every((field) => !this.cells[field].value.trim());
  }

  // The line as the server reads it. `drawing`: what was not reached yet counts as 1 piece at 0, so that the sheet
  // follows the typing from the first letter.
  line(drawing = false) {
    const line = Object.fromEntries(TEXTS.map((field) => [field, this.cells[field].value]));
    for (const field of NUMBERS) line[field] = plain(this.cells[field].value);
    const choice = this.cells.vat.value;
    [line.tax_category, line.vat_rate] = VAT[choice];
    // a stored line keeps its VAT code; for others the server takes the item's
    line.tax_code = choice === this.tax.choice ? this.tax.code : "";
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
    if (NUMBERS.includes(field) && cell.value) {
      const value = field === "quantity" ? evaluate(cell.value) : plain(cell.value);
      if (value !== cell.value) cell.value = value;
    }
  }

  clearMessages() {
    for (const field of [...this.messages.keys()]) this.say(field, "");
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
