// One line of a journal: its inputs, and what account and party they mean. The inputs are the truth.

import { byId, element, nameOf } from "../editor/context.js";
import { evaluate } from "../editor/decimal.js";

const AMOUNTS = ["taxable_amount", "debit", "credit", "amount", "percent"];
const SHOWN_AT = { account_code: "account", party_kind: "party", mode: "mode" };
let serial = 0;

export const accountText = (account) => (account ? `${account.code} ${nameOf(account)}` : "");

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
    this.fill(line);
  }

  fill(line) {
    for (const [field, cell] of Object.entries(this.cells)) {
      if (field !== "account" && field !== "party") cell.value = line[field] ?? (cell.tagName === "SELECT" ? cell.options[0].value : "");
    }
    this.setAccount(line.account ?? null, line.accountText);
    this.setParty(line.party ?? null);
  }

  setAccount(account, typed = "") {
    this.account = account;
    this.cells.account.value = account ? accountText(account) : typed;
    this.cells.account.title = this.cells.account.value;
  }

  setParty(party) {
    this.party = party;
    if (this.cells.party) this.cells.party.value = party ? nameOf(party) : "";
  }

  get isBlank() {
    return Object.values(this.cells).every((cell) => cell.tagName === "SELECT" || !cell.value.trim());
  }

  settle(cell) {
    if (AMOUNTS.includes(cell.dataset.field)) cell.value = evaluate(cell.value);
    if (cell.dataset.field === "account" && cell.value !== accountText(this.account)) this.account = null;
    if (cell.dataset.field === "party" && !cell.value.trim()) this.party = null;
  }

  // What is sent: a code typed and left without choosing counts as the account's code.
  line() {
    const line = Object.fromEntries(Object.entries(this.cells).filter(([field]) => field !== "account" && field !== "party").map(([field, cell]) => [field, cell.value.trim()]));
    if (this.account) line.account = this.account.id;
    else if (this.cells.account.value.trim()) line.account_code = this.cells.account.value.trim().split(/\s/)[0].slice(0, 20);
    if (this.party) Object.assign(line, { party: this.party.id, party_kind: this.party.kind });
    return line;
  }

  // A copy with the choices, for Ctrl+D and undo.
  whole() {
    return { ...this.line(), account: this.account, accountText: this.cells.account.value, party: this.party };
  }

  number(at) {
    this.element.querySelector(".rownum").textContent = at;
  }

  tell(found) {
    for (const note of this.element.querySelectorAll(".cell-error")) note.remove();
    for (const cell of Object.values(this.cells)) {
      cell.removeAttribute("aria-invalid");
      cell.removeAttribute("aria-describedby");
      cell.closest("td").classList.remove("cell--error");
    }
    for (const { field, message } of found) {
      const cell = this.cells[SHOWN_AT[field] ?? field] ?? this.cells.account;
      const place = cell.closest("td");
      if (place.querySelector(".cell-error")) continue;
      const note = element("div", "cell-error", message);
      note.id = `${cell.id}-error`;
      note.dir = "auto";
      place.append(note);
      place.classList.add("cell--error");
      cell.setAttribute("aria-invalid", "true");
      cell.setAttribute("aria-describedby", note.id);
    }
  }
}
