// Rows from a spreadsheet: what was understood is shown before anything is taken over.

import { bdi, byId, config, element, nameOf, send, text } from "./context.js";
import { isNumber, ungrouped } from "./decimal.js";

const HEADS = {
  name: /^(?:item|code|sku|barcode|product|article|الصنف|رمز|رمز الصنف|الكود|الباركود|المنتج)$/i,
  description: /^(?:description|name|item name|details|الوصف|البيان|الاسم|اسم الصنف)$/i,
  quantity: /^(?:qty|quantity|count|الكمية|العدد)$/i,
  unit: /^(?:unit|uom|الوحدة)$/i,
  unit_price: /^(?:price|unit price|rate|cost|السعر|سعر الوحدة|الثمن)$/i,
  discount_percent: /^(?:disc|discount|disc ?%|discount ?%|%|الخصم|نسبة الخصم)$/i,
  vat_rate: /^(?:vat|tax|vat ?%|tax ?%|الضريبة|نسبة الضريبة)$/i,
};

// Cells of a spreadsheet's clipboard: tabs and line ends, quoted where a cell holds either.
export const cells = (clip) => {
  const rows = [[""]];
  let quoted = false;
  for (let at = 0; at < clip.length; at += 1) {
    const char = clip[at];
    const row = rows.at(-1);
    if (quoted) {
      if (char !== '"') row[row.length - 1] += char;
      else if (clip[at + 1] === '"') { row[row.length - 1] += char; at += 1; } else quoted = false;
    } else if (char === '"' && row.at(-1) === "") quoted = true;
    else if (char === "\t") row.push("");
    else if (char === "\n") rows.push([""]);
    else if (char !== "\r") row[row.length - 1] += char;
  }
  return rows.map((row) => row.map((cell) => cell.replace(/\s+/g, " ").trim())).filter((row) => row.some(Boolean));
};

// Which column is what: by its head when there is one, else texts first, then quantity, price, discount, VAT.
const columns = (rows) => {
  const heads = rows[0].map((cell) => Object.keys(HEADS).find((name) => HEADS[name].test(cell)) ?? "");
  if (heads.filter(Boolean).length >= 2) return { names: heads, rows: rows.slice(1) };
  const width = Math.max(...rows.map((row) => row.length));
  const numeric = (at) => rows.every((row) => !row[at] || isNumber(ungrouped(row[at])));
  const names = [];
  const figures = ["quantity", "unit_price", "discount_percent", "vat_rate"];
  let texts = 0;
  for (let at = 0; at < width; at += 1) {
    // the first column is the item even when its codes are all digits
    if (at === 0) names.push("name");
    else if (!numeric(at)) names.push(["description", "unit"][texts++] ?? "");
    else names.push(figures.shift() ?? "");
  }
  return { names, rows };
};

export const understand = async (clip) => {
  const { names, rows } = columns(cells(clip));
  const read = rows.map((row) => {
    const line = {};
    names.forEach((name, at) => { if (name && row[at]) line[name] = ["name", "description", "unit"].includes(name) ? row[at] : ungrouped(row[at].replace(/%$/, "")); });
    return line;
  });
  const asked = read.flatMap((line) => [line.name, line.description]).filter(Boolean);
  const { status, body } = await send("POST", config.urls.rows, { names: asked });
  const items = status === 200 ? body.items : {};
  return read.map((line) => {
    const item = items[line.name] ?? items[line.description];
    const known = item ? { item: item.id, item_code: item.code, description: item.name, description_arabic: item.name_arabic, unit: item.unit, unit_price: item.price, vat_rate: item.vat_rate, tax_category: item.tax_category, tax_code: item.tax_code } : { description: [line.name, line.description].filter(Boolean).join(" ") };
    const typed = Object.fromEntries(["quantity", "unit", "unit_price", "discount_percent"].filter((name) => line[name]).map((name) => [name, line[name]]));
    if (line.vat_rate && line.vat_rate !== known.vat_rate) Object.assign(known, { vat_rate: line.vat_rate, tax_category: "", tax_code: "" });
    const wrong = ["quantity", "unit_price"].some((name) => typed[name] && !isNumber(typed[name]));
    return { known: Boolean(item), wrong, name: item ? nameOf(item) : known.description, line: { quantity: "1", ...known, ...typed } };
  });
};

export class Paste {
  constructor(grid) {
    this.grid = grid;
    this.dialog = byId("paste-dialog");
    grid.body.addEventListener("paste", (event) => {
      const clip = event.clipboardData?.getData("text/plain") ?? "";
      const found = cells(clip);
      if (found.length < 2 && (found[0]?.length ?? 0) < 2) return;
      event.preventDefault();
      grid.picker.close();
      this.open(clip);
    });
    byId("paste-take").addEventListener("click", () => this.take());
    byId("paste-texts").addEventListener("change", () => this.count());
  }

  async open(clip) {
    this.rows = await understand(clip).catch(() => []);
    if (!this.rows.length) return;
    const body = this.dialog.querySelector("tbody");
    body.replaceChildren(...this.rows.map(({ known, wrong, name, line }) => {
      const row = element("tr", known ? "" : "is-unknown");
      const state = element("td");
      state.append(element("span", `status status--${wrong ? "bad" : known ? "good" : "warn"}`, text(wrong ? "pasteWrong" : known ? "pasteKnown" : "pasteUnknown")));
      const item = element("td");
      if (line.item_code) item.append(bdi(line.item_code, "code"), " ");
      item.append(bdi(name));
      row.append(state, item, ...[line.quantity, line.unit_price, line.discount_percent, line.vat_rate].map((value) => element("td", "num", value ?? "")));
      return row;
    }));
    byId("paste-unknown").hidden = this.rows.every((row) => row.known);
    this.count();
    this.dialog.showModal();
    byId("paste-take").focus();
  }

  get usable() {
    return this.rows.filter((row) => row.known || byId("paste-texts").checked);
  }

  count() {
    byId("paste-summary").textContent = text("pasteSummary", { all: this.rows.length, known: this.rows.filter((row) => row.known).length });
    const button = byId("paste-take");
    button.textContent = text("pasteTake", { rows: this.usable.length });
    button.disabled = !this.usable.length;
  }

  take() {
    this.dialog.close();
    this.grid.append(this.usable.map((row) => row.line));
  }
}
