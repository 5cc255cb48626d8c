// The editor of journals by hand: header, grid, live sums, paste; saves or posts with one call.

import { byId, config, send, text } from "../editor/context.js";
import { add, isNumber, plain, ungrouped } from "../editor/decimal.js";
import { cells } from "../editor/paste.js";
import { Grid } from "./grid.js";
import { saving, teller } from "./saving.js";

const FIELDS = ["date", "kind", "currency", "exchange_rate", "reference", "description"];
const fields = Object.fromEntries(FIELDS.map((name) => [name, byId(`field-${name}`)]));
const grid = new Grid();

const negative = (amount) => (amount.startsWith("-") ? amount.slice(1) : `-${amount}`);
const isZero = (amount) => /^-?0*\.?0*$/.test(amount);
const fixed = (amount) => {
  const digits = config.digits[fields.currency.value] ?? 2;
  const [whole, fraction = ""] = amount.split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return digits ? `${grouped}.${fraction.padEnd(digits, "0")}` : grouped;
};
const total = (field) => grid.filled.reduce((sum, row) => {
  const value = plain(row.cells[field].value);
  return isNumber(value) ? add(sum, value) ?? sum : sum;
}, "0");

const sums = () => {
  const debit = total("debit");
  const credit = total("credit");
  const difference = add(debit, negative(credit)) ?? "0";
  grid.open = isZero(difference) ? 0 : difference.startsWith("-") ? -1 : 1;
  return { debit, credit, difference };
};

const showSums = () => {
  const { debit, credit, difference } = sums();
  const amount = fixed(difference.replace("-", ""));
  byId("sum-debit").textContent = fixed(debit);
  byId("sum-credit").textContent = fixed(credit);
  byId("sum-difference").textContent = amount;
  byId("sum-difference").classList.toggle("is-off", grid.open !== 0);
  byId("sum-word").textContent = text(grid.open === 0 ? "balanced" : grid.open > 0 ? "tooMuchDebit" : "tooMuchCredit", { amount });
  byId("live-total").textContent = text("liveTotal", { debit: fixed(debit), credit: fixed(credit) });
};
grid.addEventListener("change", showSums);
// "=" in an empty cell: the amount that is missing, on the side where it is missing
grid.addEventListener("missing", ({ detail: row }) => {
  const { difference } = sums();
  if (isZero(difference)) return;
  row.cells[difference.startsWith("-") ? "debit" : "credit"].value = difference.replace("-", "");
  grid.changed();
});

const showForeign = () => {
  document.querySelector("[data-shown='foreign']").hidden = fields.currency.value === config.currency;
  showSums();
};
fields.currency.addEventListener("change", () => {
  fields.exchange_rate.value = "";
  showForeign();
});

const payload = () => {
  const header = Object.fromEntries(FIELDS.map((name) => [name, fields[name].value.trim()]));
  if (header.currency === config.currency) header.exchange_rate = "";
  return { ...header, version: config.payload.version, lines: grid.filled.map((row) => row.line()) };
};

saving(payload, teller(fields, grid));

// ---- rows of a spreadsheet: account, text, debit, credit; or account, text, signed amount
const HEADS = {
  account: /^(?:account|code|account code|account name|الحساب|رقم الحساب|رمز الحساب|اسم الحساب)$/i,
  description: /^(?:description|text|details|memo|البيان|الوصف|الشرح)$/i,
  debit: /^(?:debit|dr|مدين)$/i,
  credit: /^(?:credit|cr|دائن)$/i,
  amount: /^(?:amount|المبلغ)$/i,
};
const figure = (row, at) => isNumber(ungrouped(row[at] ?? "")) || !row[at];
const understood = (rows) => {
  const heads = rows[0].map((cell) => Object.keys(HEADS).find((name) => HEADS[name].test(cell)) ?? "");
  if (heads.filter(Boolean).length >= 2) return { names: heads, rows: rows.slice(1) };
  const width = Math.max(...rows.map((row) => row.length));
  const numbers = [];
  for (let at = 1; at < width; at += 1) if (rows.every((row) => figure(row, at)) && rows.some((row) => row[at])) numbers.push(at);
  const names = Array.from({ length: width }, () => "");
  names[0] = "account";
  if (numbers.length >= 2) [names[numbers[0]], names[numbers[1]]] = ["debit", "credit"];
  else if (numbers.length) names[numbers[0]] = "amount";
  const at = names.indexOf("", 1);
  if (at > 0) names[at] = "description";
  return { names, rows };
};
byId("line-grid").addEventListener("paste", async (event) => {
  const found = cells(event.clipboardData?.getData("text/plain") ?? "");
  if (found.length < 2 && (found[0]?.length ?? 0) < 2) return;
  event.preventDefault();
  Object.values(grid.pickers).forEach((picker) => picker.close());
  const { names, rows } = understood(found);
  const read = rows.map((row) => Object.fromEntries(names.map((name, at) => [name, row[at] ?? ""]).filter(([name]) => name)));
  const { status, body } = await send("POST", config.urls.rows, { names: read.map((line) => line.account ?? "") });
  const accounts = status === 200 ? body.accounts : {};
  const lines = read.map((line) => {
    const account = accounts[line.account] ?? null;
    const amount = ungrouped(line.amount ?? "");
    const sides = line.amount === undefined ? { debit: ungrouped(line.debit ?? ""), credit: ungrouped(line.credit ?? "") } : amount.startsWith("-") ? { credit: amount.slice(1) } : { debit: amount };
    for (const side of Object.keys(sides)) if (isZero(sides[side])) sides[side] = "";
    return { account, accountText: account ? "" : line.account, description: line.description ?? "", ...sides };
  });
  grid.append(lines);
  mizan.toast({ message: text("pasted", { rows: lines.length, unknown: lines.filter((line) => !line.account).length }), tone: lines.every((line) => line.account) ? "good" : "warn" });
});

for (const name of FIELDS) fields[name].value = config.payload[name] ?? "";
grid.fill(config.payload.lines ?? []);
showForeign();
if (!config.document) grid.focus(grid.rows.find((row) => row.isBlank) ?? grid.rows[0]);
