// The grid of a journal: rows of real inputs worked by keyboard, like the invoice's. The last row is always empty.

import { bdi, byId, config, find, nameOf, text } from "../editor/context.js";
import { Picker } from "../editor/picker.js";
import { Row } from "./row.js";

export class Grid extends EventTarget {
  constructor() {
    super();
    this.body = byId("line-grid").querySelector("tbody");
    this.rows = [];
    const draw = (row) => [bdi(row.code, "code picker-code"), bdi(nameOf(row), "picker-name")];
    this.pickers = {
      account: new Picker({ find: (query, signal) => find(config.urls.accounts, query, signal), draw, picked: (account, input) => this.picked(account, input) }),
      party: new Picker({ find: (query, signal) => this.parties(query, signal), draw, picked: (party, input) => this.named(party, input) }),
    };
    this.body.addEventListener("input", (event) => this.typed(event));
    this.body.addEventListener("change", (event) => event.target.dataset.field && this.finish(event.target));
    this.body.addEventListener("focusin", (event) => { event.target.before_ = event.target.value; });
    this.body.addEventListener("focusout", (event) => this.leaving(event.target));
    this.body.addEventListener("keydown", (event) => this.key(event));
    this.body.addEventListener("click", (event) => {
      const button = event.target.closest("[data-delete]");
      if (button) this.remove(button.closest("tr").row);
    });
  }

  get filled() {
    return this.rows.filter((row) => !row.isBlank);
  }

  parties(query, signal) {
    const { row } = this.pickers.party.input.closest("tr");
    return find(config.urls.parties, query, signal).then((rows) => rows.filter((one) => !row.account?.party || one.kind === row.account.party));
  }

  fill(lines) {
    this.rows = lines.map((line) => new Row(line));
    this.body.replaceChildren(...this.rows.map((row) => row.element));
    this.changed();
  }

  changed() {
    if (!this.rows.length || !this.rows.at(-1).isBlank) {
      const row = new Row();
      this.rows.push(row);
      this.body.append(row.element);
    }
    this.rows.forEach((row, at) => row.number(at + 1));
    this.dispatchEvent(new Event("change"));
  }

  insert(lines, at) {
    lines.forEach((line, offset) => {
      const row = new Row(line);
      this.rows.splice(at + offset, 0, row);
      this.body.insertBefore(row.element, this.rows[at + offset + 1]?.element ?? null);
    });
    this.changed();
  }

  append(lines) {
    this.insert(lines, this.rows.at(-1)?.isBlank ? this.rows.length - 1 : this.rows.length);
  }

  remove(row) {
    const at = this.rows.indexOf(row);
    if (at < 0 || (row.isBlank && at === this.rows.length - 1)) return;
    Object.values(this.pickers).forEach((picker) => picker.close());
    const kept = row.isBlank ? null : row.whole();
    this.rows.splice(at, 1);
    row.element.remove();
    this.changed();
    this.focus(this.rows[Math.min(at, this.rows.length - 1)]);
    if (kept) mizan.toast({ message: text("rowDeleted", { row: at + 1 }), tone: "info", onUndo: () => this.insert([kept], Math.min(at, this.rows.length)) });
  }

  focus(row, field = "account") {
    const cell = row?.cells[field];
    cell?.focus();
    cell?.select?.();
  }

  typed(event) {
    const cell = event.target;
    const { field } = cell.dataset;
    const { row } = cell.closest("tr");
    if (this.pickers[field] && !event.isComposing) {
      row[field] = null;
      this.pickers[field].search(cell);
    }
    // one side of a line only
    if (field === "debit" && cell.value.trim()) row.cells.credit.value = "";
    if (field === "credit" && cell.value.trim()) row.cells.debit.value = "";
    this.changed();
  }

  finish(cell) {
    cell.closest("tr").row.settle(cell);
    this.changed();
  }

  leaving(cell) {
    if (!cell.dataset.field) return;
    const picker = this.pickers[cell.dataset.field];
    if (picker?.input === cell) picker.close();
    cell.closest("tr")?.row.settle(cell);
  }

  picked(account, input) {
    const { row } = input.closest("tr");
    if (account) row.setAccount(account);
    this.changed();
    const next = row.account?.party && !row.party ? "party" : "side" in row.cells ? "side" : this.open > 0 ? "credit" : "debit";
    this.focus(row, next);
  }

  named(party, input) {
    const { row } = input.closest("tr");
    if (party) row.setParty(party);
    this.changed();
    this.focus(row, "side" in row.cells ? "side" : "debit");
  }

  key(event) {
    const cell = event.target;
    const { field } = cell.dataset;
    if (!field || event.isComposing) return;
    const picker = this.pickers[field];
    if (picker?.input === cell && picker.key(event)) return;
    const { row } = cell.closest("tr");
    const at = this.rows.indexOf(row);
    const control = event.ctrlKey || event.metaKey;
    if (event.key === "Enter" && !control && !event.shiftKey && !event.altKey) {
      this.finish(cell);
      this.focus(this.rows[at + 1] ?? row);
    } else if ((event.key === "ArrowUp" || event.key === "ArrowDown") && !control && !event.altKey && cell.tagName !== "SELECT") {
      this.focus(this.rows[at + (event.key === "ArrowDown" ? 1 : -1)], field);
    } else if (control && event.key === "Backspace") {
      this.remove(row);
    } else if (control && !event.shiftKey && event.code === "KeyD" && at > 0) {
      this.copyAbove(row, this.rows[at - 1], field);
    } else if (event.key === "=" && !control && (field === "debit" || field === "credit") && !cell.value.trim()) {
      this.dispatchEvent(new CustomEvent("missing", { detail: row }));
    } else if (event.key === "Escape" && cell.value !== cell.before_) {
      cell.value = cell.before_;
      this.finish(cell);
    } else {
      return;
    }
    event.preventDefault();
  }

  copyAbove(row, above, field) {
    if (field === "account") row.setAccount(above.account, above.cells.account.value);
    else if (field === "party") row.setParty(above.party);
    else row.cells[field].value = above.cells[field].value;
    this.changed();
    row.cells[field].select?.();
  }

  // Marks every wrong cell; `shown` are the rows as they were sent, by position.
  tell(errors, shown) {
    const byRow = new Map(this.rows.map((row) => [row, []]));
    for (const { field, message } of errors) {
      const [, at, name] = /^lines\.(\d+)\.?(.*)$/.exec(field) ?? [];
      const row = at === undefined ? null : shown[Number(at)];
      if (row) byRow.get(row)?.push({ field: name || "account", message });
    }
    for (const [row, found] of byRow) row.tell(found);
  }
}
