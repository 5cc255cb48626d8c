// The line grid: rows of real inputs, worked by keyboard. The last row is always an empty one to type on.

import { byId, config, find, nameOf, names, text, bdi, element } from "./context.js";
import { add } from "./decimal.js";
import { Picker } from "./picker.js";
import { REQUIRED, Row } from "./row.js";

export class Grid extends EventTarget {
  constructor() {
    super();
    this.table = byId("line-grid");
    this.body = this.table.querySelector("tbody");
    this.rows = [];
    this.habits = {};
    this.picker = new Picker({
      find: (query, signal) => find(config.urls.items, query, signal),
      draw: (item) => [bdi(item.code, "code picker-code"), names(item), element("span", "picker-price num", item.price)],
      picked: (item, input) => this.picked(item, input),
      free: true,
      create: { url: config.urls.newItem, label: text("newItem") },
    });
    // pickers of other columns, such as the account of an expense
    this.pickers = Object.fromEntries(config.columns.filter((column) => column.kind === "picker").map((column) => [column.name, new Picker({
      find: (query, signal) => find(config.urls[column.lookup], query, signal),
      draw: (one) => [bdi(one.code, "code picker-code"), bdi(nameOf(one), "picker-name")],
      picked: (one, input) => this.chose(column.name, one, input),
    })]));
    this.body.addEventListener("input", (event) => this.typed(event));
    this.body.addEventListener("change", (event) => this.left(event.target));
    this.body.addEventListener("focusin", (event) => this.entered(event.target));
    this.body.addEventListener("focusout", (event) => this.leaving(event));
    this.body.addEventListener("keydown", (event) => this.key(event));
    this.body.addEventListener("click", (event) => {
      const button = event.target.closest("[data-delete]");
      if (button) this.remove(button.closest("tr").row);
    });
    byId("duplicate").addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.answer?.(false);
    });
    byId("duplicate").addEventListener("click", (event) => {
      const button = event.target.closest("[data-answer]");
      if (button) this.answer?.(button.dataset.answer === "yes");
    });
  }

  get filled() {
    return this.rows.filter((row) => !row.isBlank);
  }

  fill(lines) {
    this.rows = lines.map((line) => new Row(line));
    this.body.replaceChildren(...this.rows.map((row) => row.element));
    this.settle();
  }

  changed() {
    this.settle();
    this.dispatchEvent(new Event("change"));
  }

  // Numbers the rows and keeps one empty row at the end.
  settle() {
    if (!this.rows.length || !this.rows.at(-1).isBlank) {
      const row = new Row();
      row.usual(this.habits);
      this.rows.push(row);
      this.body.append(row.element);
    }
    this.rows.forEach((row, at) => row.number(at + 1));
  }

  // What a new row begins with: the party's usual account and VAT code.
  setHabits(habits) {
    this.habits = habits ?? {};
    this.rows.forEach((row) => row.usual(this.habits));
  }

  insert(row, at) {
    this.rows.splice(at, 0, row);
    this.body.insertBefore(row.element, this.rows[at + 1]?.element ?? null);
    this.changed();
  }

  append(lines) {
    const at = this.rows.at(-1)?.isBlank ? this.rows.length - 1 : this.rows.length;
    lines.forEach((line, offset) => {
      const row = new Row(line);
      this.rows.splice(at + offset, 0, row);
      this.body.insertBefore(row.element, this.rows[at + offset + 1]?.element ?? null);
    });
    this.changed();
    this.focus(this.rows[at], "quantity");
  }

  remove(row) {
    const at = this.rows.indexOf(row);
    if (at < 0 || (row.isBlank && at === this.rows.length - 1)) return;
    this.picker.close();
    const field = document.activeElement?.dataset.field ?? "description";
    this.rows.splice(at, 1);
    row.element.remove();
    this.changed();
    this.focus(this.rows[Math.min(at, this.rows.length - 1)], field);
    if (row.isBlank) return;
    mizan.toast({ message: text("rowDeleted", { row: at + 1 }), tone: "info", onUndo: () => {
      this.insert(row, Math.min(at, this.rows.length));
      this.focus(row, field);
    } });
  }

  focus(row, field = "description") {
    const cell = row?.cells[field];
    if (!cell) return;
    cell.focus();
    cell.select?.();
  }

  typed(event) {
    const cell = event.target;
    const { row } = cell.closest("tr");
    this.pickers[cell.dataset.field]?.search(cell);
    if (cell.dataset.field.startsWith("description") && !event.isComposing) {
      if (!cell.value.trim() && cell.dataset.field === "description") row.setItem(null);
      // a line that has its item is being reworded, not searched
      if (!row.item) this.picker.search(cell);
    }
    if (cell.dataset.field === "vat") row.vatChosen();
    this.changed();
  }

  entered(cell) {
    if (!cell.dataset.field) return;
    cell.before_ = cell.value;
    this.current = cell.closest("tr").row;
    this.dispatchEvent(new Event("move"));
  }

  left(cell) {
    if (cell.dataset.field) this.finish(cell);
  }

  finish(cell) {
    const { row } = cell.closest("tr");
    const before = cell.value;
    row.settle(cell);
    if (cell.value !== before) this.changed();
  }

  leaving(event) {
    const cell = event.target;
    if (!cell.dataset.field) return;
    for (const picker of [this.picker, ...Object.values(this.pickers)]) if (picker.input === cell) picker.close();
    const { row } = cell.closest("tr") ?? {};
    if (!row || byId("duplicate").contains(event.relatedTarget)) return;
    // leaving the row: from now on what is missing in it is said
    if (!row.isBlank && !row.element.contains(event.relatedTarget)) {
      REQUIRED.forEach((field) => row.touched.add(field));
      if (!row.cells.quantity.value) row.cells.quantity.value = "1";
      this.changed();
    } else if (cell.value || cell.dataset.field !== "description") {
      if (!row.isBlank && cell.value !== cell.before_) {
        this.finish(cell);
        this.dispatchEvent(new Event("change"));
      }
    }
  }

  picked(item, input) {
    const { row } = input.closest("tr");
    if (!item) {
      this.focus(row, "quantity");
      return;
    }
    const same = this.rows.find((other) => other !== row && other.item === item.id);
    if (same) {
      this.ask(row, same, item);
      return;
    }
    row.take(item);
    this.changed();
    this.focus(row, "quantity");
  }

  chose(field, one, input) {
    const { row } = input.closest("tr");
    row.setChoice(field, one && { id: one.id, text: `${one.code} ${nameOf(one)}` });
    row.touched.add(field);
    row.given.delete(field);
    this.changed();
    const cells = [...row.element.querySelectorAll("[data-field]:not(.cell-below)")];
    this.focus(row, cells[cells.indexOf(input) + 1]?.dataset.field ?? field);
  }

  // The same item again: one question beside the cell, Enter = yes.
  async ask(row, same, item) {
    const quantity = row.cells.quantity.value || "1";
    const panel = byId("duplicate");
    const position = this.rows.indexOf(same) + 1;
    const had = same.cells.quantity.value || "0";
    panel.querySelector("p").textContent = text("duplicate", { row: position, name: nameOf(item), had, more: quantity });
    panel.querySelector("[data-answer='yes'] span").textContent = text("duplicateYes", { row: position });
    panel.hidden = false;
    const box = row.cells.description.getBoundingClientRect();
    const start = document.documentElement.dir === "rtl" ? box.right - panel.offsetWidth : box.left;
    panel.style.left = `${Math.max(12, Math.min(start, innerWidth - panel.offsetWidth - 12))}px`;
    panel.style.top = `${Math.min(box.bottom + 4, innerHeight - panel.offsetHeight - 12)}px`;
    panel.querySelector("[data-answer='yes']").focus();
    const yes = await new Promise((resolve) => { this.answer = resolve; });
    this.answer = null;
    panel.hidden = true;
    if (!yes) {
      row.take(item);
      this.changed();
      this.focus(row, "quantity");
      return;
    }
    same.cells.quantity.value = add(had, quantity) ?? had;
    same.touched.add("quantity");
    const at = this.rows.indexOf(row);
    this.rows.splice(at, 1);
    row.element.remove();
    this.changed();
    this.focus(same, "quantity");
  }

  key(event) {
    const cell = event.target;
    if (!cell.dataset.field || event.isComposing) return;
    if (cell.dataset.field.startsWith("description") && this.picker.input === cell && this.picker.key(event)) return;
    if (this.pickers[cell.dataset.field]?.input === cell && this.pickers[cell.dataset.field].key(event)) return;
    const { row } = cell.closest("tr");
    const at = this.rows.indexOf(row);
    const control = event.ctrlKey || event.metaKey;
    const { field } = cell.dataset;
    if (event.key === "Enter" && !control && !event.shiftKey && !event.altKey) {
      this.finish(cell);
      this.focus(this.rows[at + 1] ?? this.rows[at]);
    } else if ((event.key === "ArrowUp" || event.key === "ArrowDown") && !control && !event.altKey && cell.tagName !== "SELECT") {
      this.focus(this.rows[at + (event.key === "ArrowDown" ? 1 : -1)], field);
    } else if (control && event.key === "Backspace") {
      this.remove(row);
    } else if (control && !event.shiftKey && event.code === "KeyD" && at > 0) {
      this.copyAbove(row, this.rows[at - 1], field);
    } else if (event.key === "Escape" && cell.value !== cell.before_) {
      cell.value = cell.before_;
      row.markVat();
      this.changed();
    } else {
      return;
    }
    event.preventDefault();
  }

  copyAbove(row, above, field) {
    if (field.startsWith("description")) {
      const quantity = row.cells.quantity.value;
      row.fill({ ...above.line(), id: row.id, quantity: quantity || above.cells.quantity.value });
    } else {
      if (this.pickers[field]) row.setChoice(field, above.chosen[field]);
      else row.cells[field].value = above.cells[field].value;
      row.markVat();
    }
    row.touched.add(field);
    this.changed();
    row.cells[field].select?.();
  }

  // Marks every wrong cell; `shown` are the rows as they were sent, by position.
  tell(errors, shown, all = false) {
    const byRow = new Map(shown.map((row) => [row, []]));
    for (const { field, message } of errors) {
      const [, at, name] = /^lines\.(\d+)\.?(.*)$/.exec(field) ?? [];
      const row = at === undefined ? null : shown[Number(at)];
      if (row) byRow.get(row).push({ field: name || "description", message });
    }
    for (const [row, found] of byRow) {
      if (all) Object.keys(row.cells).forEach((field) => row.touched.add(field));
      row.tell(found, all);
    }
  }
}
