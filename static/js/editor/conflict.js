// Somebody saved the same document meanwhile: both sides, field by field, each to be taken as mine or theirs.

import { bdi, byId, config, element, text } from "./context.js";

const HEADER = [config.party.field, ...config.fields.map((field) => field.name)];
// a VAT choice is compared by its code where people choose codes, else by its rate; an account by what is read of it
const TAX = config.vat.some((choice) => choice.code) ? "tax_code" : "vat_rate";
const READ_AS = { vat: TAX, ...Object.fromEntries(config.columns.filter((column) => column.kind === "picker").map((column) => [column.name, `${column.name}_name`])) };
const LINE = config.columns.map((column) => READ_AS[column.name] ?? column.name);
const LABELS = Object.fromEntries(Object.entries(READ_AS).map(([name, read]) => [read, name]));
// what goes along with a compared value
const TOGETHER = { [TAX]: ["vat_rate", "tax_category", "tax_code"] };
for (const [name, read] of Object.entries(READ_AS)) if (name !== "vat") TOGETHER[read] = [name, read];

const same = (one, other) => String(one ?? "").trim() === String(other ?? "").trim() || (one !== "" && other !== "" && !Number.isNaN(Number(one)) && Number(one) === Number(other));

// What differs between base, mine and theirs. A field that only one side changed is merged without a question.
export const compare = (base, mine, theirs) => {
  const merged = structuredClone(mine);
  const questions = [];
  const settle = (key, label, was, my, their, take) => {
    if (same(my, their)) return;
    if (same(was, my)) take(their);
    else if (!same(was, their)) questions.push({ key, label, mine: my, theirs: their, take });
  };
  for (const name of HEADER) settle(name, text(`field.${name}`), base[name], mine[name], theirs[name], (value) => { merged[name] = value; });
  const baseLines = new Map(base.lines.map((line) => [line.id, line]));
  const theirLines = new Map(theirs.lines.map((line) => [line.id, line]));
  const myIds = new Set(mine.lines.map((line) => line.id));
  merged.lines.forEach((line, at) => {
    const their = theirLines.get(line.id);
    // a draft from an older version has no common ground: every difference is asked
    const was = baseLines.get(line.id) ?? (their ? {} : null);
    if (!was) return;
    const label = text("lineOf", { row: at + 1, name: line.description });
    if (!their) {
      if (LINE.some((name) => !same(was[name], line[name]))) questions.push({ key: `line-${at}`, label, mine: text("lineChanged"), theirs: text("lineDeleted"), take: () => { line.gone = true; } });
      else line.gone = true;
      return;
    }
    for (const name of LINE) settle(`line-${at}-${name}`, `${label}: ${text(`field.${LABELS[name] ?? name}`)}`, was[name], line[name], their[name], (value) => { line[name] = value; for (const also of TOGETHER[name] ?? []) line[also] = their[also]; });
  });
  for (const line of theirs.lines) {
    if (!myIds.has(line.id) && !baseLines.has(line.id)) merged.lines.push({ ...line });
    else if (!myIds.has(line.id) && LINE.some((name) => !same(baseLines.get(line.id)[name], line[name]))) {
      questions.push({ key: `line-${line.id}`, label: text("lineOf", { row: "–", name: line.description }), mine: text("lineDeleted"), theirs: text("lineChanged"), take: () => merged.lines.push({ ...line }) });
    }
  }
  return { merged, questions };
};

export class ConflictBanner {
  // names: {salesperson id: name}; resolved(merged) is called with the chosen mixture
  constructor(resolved) {
    this.banner = byId("conflict");
    this.resolved = resolved;
    byId("conflict-save").addEventListener("click", () => this.finish());
    this.banner.addEventListener("click", (event) => {
      const button = event.target.closest("[data-side]");
      if (button) this.choose(button.closest("tr"), button.dataset.side);
      const all = event.target.closest("[data-all]");
      if (all) for (const row of this.banner.querySelectorAll("tbody tr")) this.choose(row, all.dataset.all);
    });
  }

  choose(row, side) {
    row.dataset.chosen = side;
    for (const button of row.querySelectorAll("[data-side]")) button.setAttribute("aria-pressed", String(button.dataset.side === side));
  }

  show(base, mine, theirs, labels) {
    const { merged, questions } = compare(base, mine, theirs);
    this.merged = merged;
    this.questions = questions;
    const body = this.banner.querySelector("tbody");
    body.replaceChildren(...questions.map((question, at) => {
      const row = element("tr");
      row.dataset.at = at;
      const head = element("th");
      head.scope = "row";
      head.append(bdi(question.label));
      row.append(head);
      for (const side of ["mine", "theirs"]) {
        const cell = element("td");
        const button = element("button", "conflict-side");
        button.type = "button";
        button.dataset.side = side;
        const value = labels(question.key, question[side]);
        button.append(element("span", "conflict-who", text(side)), bdi(value || text("empty")));
        cell.append(button);
        row.append(cell);
      }
      this.choose(row, "mine");
      return row;
    }));
    this.banner.querySelector("table").hidden = !questions.length;
    byId("conflict-text").textContent = text(questions.length ? "conflictText" : "conflictNone");
    this.banner.hidden = false;
    this.banner.scrollIntoView({ block: "nearest" });
    byId("conflict-save").focus();
  }

  finish() {
    for (const row of this.banner.querySelectorAll("tbody tr")) {
      const question = this.questions[Number(row.dataset.at)];
      if (row.dataset.chosen === "theirs") question.take(question.theirs);
    }
    this.merged.lines = this.merged.lines.filter((line) => !line.gone);
    this.banner.hidden = true;
    this.resolved(this.merged);
  }
}
