// Saving what was typed with one call, and showing at each field what the server says of it.

import { byId, config, Offline, send, text } from "../editor/context.js";

// Returns the function that marks wrong fields and cells; what has no field of its own goes to the banner.
export const teller = (fields, grid) => (errors) => {
  grid.tell(errors, grid.filled);
  const general = [];
  for (const [name, field] of Object.entries(fields)) {
    byId(`note-${name}`).textContent = "";
    field.removeAttribute("aria-invalid");
  }
  for (const { field, message } of errors) {
    if (fields[field]) {
      byId(`note-${field}`).textContent = message;
      fields[field].setAttribute("aria-invalid", "true");
    } else if (!/^lines\.\d/.test(field)) general.push(message);
  }
  byId("editor-errors").hidden = !general.length;
  byId("editor-errors-text").textContent = general.join(" ");
  document.querySelector("#header-form [aria-invalid='true'], #line-grid [aria-invalid='true']")?.focus();
};

// Ties the buttons and Ctrl+Enter to the call.
export const saving = (payload, tell) => {
  let busy = false;
  const buttons = (disabled) => document.querySelectorAll("[data-save]").forEach((button) => { button.disabled = disabled; });
  const save = async (post) => {
    if (busy) return;
    busy = true;
    buttons(true);
    let leaving = false;
    try {
      const { status, body } = await send("POST", config.urls.save, { document: config.document, post, payload: payload() }, { key: config.key });
      if (status === 200 || status === 201) {
        leaving = true;
        location.assign(body.url);
      } else if (status === 401) {
        mizan.toast({ message: text("signedOut"), tone: "warn" });
      } else {
        tell(body?.errors ?? [{ field: "", message: body?.message ?? text("notSaved") }]);
      }
    } catch (error) {
      if (!(error instanceof Offline)) throw error;
      mizan.toast({ message: text("offlineSave"), tone: "warn" });
    } finally {
      if (!leaving) {
        busy = false;
        buttons(false);
      }
    }
  };
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-save]");
    if (button) save(button.dataset.save === "post");
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    document.activeElement?.blur();
    save(document.querySelector("[data-save='post']") !== null);
  });
  byId("header-form").addEventListener("submit", (event) => event.preventDefault());
};
