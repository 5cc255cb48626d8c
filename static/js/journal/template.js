// The editor of journal templates: the journal's grid with side and kind of amount instead of debit and credit.

import { byId, config } from "../editor/context.js";
import { Grid } from "./grid.js";
import { saving, teller } from "./saving.js";

const FIELDS = ["name", "kind", "currency", "description"];
const fields = Object.fromEntries(FIELDS.map((name) => [name, byId(`field-${name}`)]));
const active = byId("field-is_active");
const grid = new Grid();

const showModes = () => {
  for (const row of grid.rows) {
    row.cells.amount.disabled = row.cells.mode.value !== "fixed";
    row.cells.percent.disabled = row.cells.mode.value !== "percent";
  }
};
grid.addEventListener("change", showModes);

const payload = () => ({
  ...Object.fromEntries(FIELDS.map((name) => [name, fields[name].value.trim()])),
  is_active: active.checked,
  version: config.payload.version,
  lines: grid.filled.map((row) => row.line()),
});
saving(payload, teller(fields, grid));

for (const name of FIELDS) fields[name].value = config.payload[name] ?? "";
active.checked = config.payload.is_active;
grid.fill(config.payload.lines ?? []);
showModes();
if (!config.document) fields.name.focus();
