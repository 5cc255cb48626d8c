// The split-screen editor of every document: brings grid, header, preview and auto-save together, and saves or posts.

import { Autosave } from "./autosave.js";
import { ConflictBanner } from "./conflict.js";
import { byId, config, nameOf, Offline, send, text } from "./context.js";
import { Grid } from "./grid.js";
import { Header } from "./header.js";
import { Paste } from "./paste.js";
import { Preview } from "./preview.js";

const grid = new Grid();
const header = new Header();
let version = config.version;
let base = config.payload;
// what a stored draft is and nobody types: that it is a debit note, and of which invoice
const fixed = config.payload.fixed ?? {};
let saving = false;
let asked = null; // the errors of the last refused saving, each shown until what it is about is changed

const typed = (drawing = false) => {
  const rows = grid.filled;
  return { rows, payload: { ...header.payload(), ...fixed, version, lines: rows.map((row) => row.line(drawing)) } };
};
// the draft also keeps who the party is, to show it again
const draftPayload = () => ({ ...typed().payload, choice: header.party });

const preview = new Preview(() => typed(true));
const autosave = new Autosave(draftPayload);
new Paste(grid);

const changed = () => {
  preview.refresh();
  autosave.changed();
};
grid.addEventListener("change", changed);
header.addEventListener("change", changed);
header.addEventListener("party", () => {
  grid.setHabits(header.party?.habits);
  if (!config.party.then && !grid.filled.length) grid.focus(grid.rows[0]);
});
grid.addEventListener("move", () => preview.follow(grid.current));
// The preview asks no database: what only saving found wrong (an account, a repeated number) it does not know, and an
// answer of the preview that comes after the refusal must not take it off the screen.
const LINE = /^lines\.(\d+)\.?(.*)$/;
const valueOf = (row, field) => JSON.stringify(row ? row.line() : header.payload()[field] ?? null);
const remembered = (errors, rows) => errors.map((one) => {
  const [, at, name] = LINE.exec(one.field) ?? [];
  const row = at === undefined ? null : rows[Number(at)] ?? null;
  return { ...one, row, name, value: valueOf(row, one.field) };
});
const standing = (rows, told) => (asked ?? []).flatMap(({ field, message, row, name, value }) => {
  const known = row ? rows.includes(row) : field in header.payload();
  const here = row ? `lines.${rows.indexOf(row)}.${name}` : field;
  const holds = known && value === valueOf(row, field) && !told.some((one) => one.field === here);
  return holds ? [{ field: here, message }] : [];
});
preview.addEventListener("shown", ({ detail }) => {
  const errors = [...detail.errors, ...standing(detail.rows, detail.errors)];
  grid.tell(errors, detail.rows, asked !== null);
  if (asked) tellHeader(errors);
  byId("live-total").textContent = text("liveTotal", { total: detail.total });
});
addEventListener("online", () => preview.refresh());
preview.addEventListener("signedout", () => autosave.say("signedOut", {}, "warning"));

const tellHeader = (errors) => {
  const left = header.tell(errors.filter(({ field }) => !/^lines\.\d/.test(field)));
  // an empty document while typing is no mistake yet
  const general = left.filter(({ field }) => asked || field !== "lines");
  const banner = byId("editor-errors");
  banner.hidden = !general.length;
  byId("editor-errors-text").textContent = general.map(({ message }) => message).join(" ");
};

const fill = (payload, party) => {
  header.fill(payload, party);
  grid.habits = party?.habits ?? {};
  grid.fill(payload.lines ?? []);
  preview.refresh();
};

// ---- saving and posting

const focusFirstError = () => {
  const first = document.querySelector("#header-form [aria-invalid='true'], #line-grid [aria-invalid='true'], #more-fields [aria-invalid='true']");
  first?.focus();
};

const refuse = (body) => {
  const { rows } = typed();
  asked = remembered(body?.errors ?? [{ field: "", message: body?.message ?? text("notSaved") }], rows);
  grid.tell(asked, rows, true);
  tellHeader(asked);
  focusFirstError();
  if (asked.some(({ field }) => field === "lines")) grid.focus(grid.rows[0]);
};

const labels = (key, value) => {
  if (key === config.party.field) return nameOf([header.party, theirParty].find((one) => one?.id === value) ?? { name: value });
  if (header.fields[key]?.options) return [...header.fields[key].options].find((option) => option.value === String(value))?.textContent ?? value;
  return String(value ?? "");
};
let theirParty = null;
let postAfter = false;
const conflict = new ConflictBanner((merged) => {
  fill(merged, merged[config.party.field] === header.party?.id ? header.party : theirParty);
  save(postAfter);
});

const save = async (post) => {
  if (saving) return;
  saving = true;
  asked = null;
  tellHeader([]);
  document.querySelectorAll("[data-save]").forEach((button) => { button.disabled = true; });
  await autosave.pause();
  let leaving = false;
  try {
    const { payload } = typed();
    const { status, body } = await send("POST", config.urls.save, { document: config.document, draft: autosave.draft, post, payload }, { key: config.key });
    if (status === 200 || status === 201) {
      autosave.done();
      leaving = true;
      location.assign(body.url);
    } else if (status === 409 && body?.current) {
      version = body.version;
      theirParty = { id: body.current[config.party.field], ...body.choice };
      postAfter = post;
      conflict.show(base, payload, body.current, labels);
      base = body.current;
    } else if (status === 401) {
      autosave.say("signedOut", {}, "warning");
    } else {
      refuse(body);
    }
  } catch (error) {
    if (!(error instanceof Offline)) throw error;
    mizan.toast({ message: text("offlineSave"), tone: "warn" });
  } finally {
    saving = false;
    if (!leaving) {
      document.querySelectorAll("[data-save]").forEach((button) => { button.disabled = false; });
      if (autosave.dirty) autosave.soon(0);
    }
  }
};

document.querySelectorAll("[data-save]").forEach((button) => button.addEventListener("click", () => save(button.dataset.save === "post")));
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.repeat && !document.querySelector("dialog[open]")) {
    event.preventDefault();
    save(config.canPost);
  }
});

// ---- drafts kept by hand

byId("keep-form")?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const name = byId("keep-name").value.trim();
  if (!name) return;
  const { status, body } = await send("POST", config.urls.draft, { name, payload: draftPayload() }).catch(() => ({ status: 0 }));
  byId("keep-dialog").close();
  mizan.toast(status === 200 ? { message: text("kept", { name }) } : { message: body?.message ?? text("offlineSave"), tone: "bad" });
});

// ---- what was typed before: kept on the server, or in this browser when the connection or the power went

const earlier = () => {
  const local = Autosave.local();
  const server = config.draft;
  if (server?.opened) return { payload: server.payload, at: new Date(server.saved_at), opened: true };
  const kept = server && { payload: server.payload, at: new Date(server.saved_at), id: server.id, version: server.version };
  if (local && (!kept || new Date(local.at) > kept.at)) return { ...kept, payload: local.payload, at: new Date(local.at) };
  return kept;
};

const resume = (found) => {
  autosave.draft = found.id ?? "";
  autosave.version = found.version ?? null;
  if (found.payload.version && found.payload.version !== config.version) {
    version = found.payload.version;
    base = { lines: [] };
  }
  fill({ ...found.payload, lines: found.payload.lines ?? [] }, found.payload.choice ?? config.choice);
};

const start = () => {
  fill(config.payload, config.choice);
  const found = earlier();
  if (found?.opened) {
    resume({ payload: found.payload });
    return;
  }
  if (!found?.payload) return;
  const banner = byId("restore");
  const when = found.at.toLocaleString(config.language === "ar" ? "ar-SA-u-ca-gregory-nu-latn" : "en-GB", { dateStyle: "medium", timeStyle: "medium" });
  byId("restore-text").textContent = text("restoreText", { when, lines: (found.payload.lines ?? []).length });
  banner.hidden = false;
  const answered = () => { banner.hidden = true; autosave.setAside = null; };
  byId("restore-yes").addEventListener("click", () => {
    answered();
    resume(found);
    autosave.changed();
    grid.focus(grid.rows.at(-1));
  });
  byId("restore-no").addEventListener("click", async () => {
    answered();
    autosave.draft = found.id ?? "";
    await autosave.discard();
    focusStart();
  });
  // typing while the question stands: the earlier draft moves aside under a name instead of being overwritten
  if (found.id) autosave.setAside = { id: found.id, name: text("asideName", { when }) };
};

const focusStart = () => {
  if (!header.party) header.partyInput.focus();
  else grid.focus(grid.rows[0]);
};

start();
if (byId("restore").hidden && matchMedia("(min-width: 721px)").matches) focusStart();
document.documentElement.dataset.editor = "ready";
