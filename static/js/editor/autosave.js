// Nothing typed is lost: every change is kept in the browser at once and on the server every two seconds; what could not
// be sent is sent again when the connection is back. The copy in the browser goes when the server has it.

import { byId, config, send, text, Offline } from "./context.js";

const EVERY_MS = 2000;
const AGAIN_MS = 5000;
const LOCAL_MS = 250;

const clock = (moment) => [moment.getHours(), moment.getMinutes(), moment.getSeconds()].map((part) => String(part).padStart(2, "0")).join(":");

export class Autosave {
  constructor(typed) {
    this.typed = typed;
    this.draft = "";
    this.version = null;
    this.setAside = null;
    this.dirty = false;
    this.busy = null;
    this.stopped = false;
    addEventListener("online", () => this.dirty && this.soon(0));
    addEventListener("pagehide", () => this.keep());
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden") {
        this.keep();
        if (this.dirty) this.soon(0);
      }
    });
  }

  say(key, values = {}, icon = "") {
    const place = byId("saved");
    place.dataset.state = key;
    byId("saved-text").textContent = text(key, values);
    const use = place.querySelector("use");
    use.setAttribute("href", use.getAttribute("href").replace(/#.*/, `#${icon || "check"}`));
    place.classList.toggle("is-shown", true);
  }

  changed() {
    if (this.stopped) return;
    this.dirty = true;
    clearTimeout(this.localTimer);
    this.localTimer = setTimeout(() => this.keep(), LOCAL_MS);
    if (!this.timer) this.soon(EVERY_MS);
  }

  soon(after) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => { this.timer = null; this.save(); }, after);
  }

  // The copy in the browser, for a lost connection or a crash between two saves.
  keep() {
    clearTimeout(this.localTimer);
    if (!this.dirty || this.stopped) return;
    try {
      localStorage.setItem(config.storage, JSON.stringify({ payload: this.typed(), at: new Date().toISOString() }));
    } catch {
      // a full or closed store: the server still has it
    }
  }

  forget() {
    clearTimeout(this.localTimer);
    localStorage.removeItem(config.storage);
  }

  static local() {
    try {
      return JSON.parse(localStorage.getItem(config.storage));
    } catch {
      return null;
    }
  }

  async save() {
    if (this.busy || !this.dirty || this.stopped) return;
    this.dirty = false;
    this.busy = this.push();
    await this.busy;
    this.busy = null;
    if (this.dirty && !this.timer) this.soon(EVERY_MS);
  }

  async push() {
    const payload = this.typed();
    try {
      const { status, body } = await send("POST", config.urls.draft, {
        document: config.document,
        draft: this.draft,
        version: this.version,
        payload,
        ...(this.setAside ? { set_aside: this.setAside.id, set_aside_name: this.setAside.name } : {}),
      });
      if (status === 200) {
        [this.draft, this.version, this.setAside] = [body.draft, body.version, null];
        if (!this.dirty) this.forget();
        this.say("saved", { time: clock(new Date()) });
      } else if (status === 401 || status === 403) {
        this.retry("signedOut");
      } else if (status === 409) {
        this.stop("otherWindow");
      } else if (status === 410) {
        this.stop("draftGone");
      } else if (status >= 500 || status === 429) {
        this.retry("notSaved");
      } else {
        this.say("notSavedBecause", { message: body?.message ?? status }, "warning");
      }
    } catch (error) {
      if (!(error instanceof Offline)) throw error;
      this.retry("offline");
    }
  }

  retry(key) {
    this.dirty = true;
    this.keep();
    this.say(key, {}, key === "offline" ? "cloud-off" : "warning");
    this.soon(AGAIN_MS);
  }

  // The server no longer takes it: the copy in the browser remains.
  stop(key) {
    this.dirty = true;
    this.keep();
    this.stopped = true;
    this.say(key, {}, "warning");
  }

  // Before the document itself is saved: no auto-save may arrive after it.
  async pause() {
    clearTimeout(this.timer);
    this.timer = null;
    this.keep();
    await this.busy;
    clearTimeout(this.timer);
    this.timer = null;
  }

  done() {
    this.stopped = true;
    this.dirty = false;
    clearTimeout(this.timer);
    this.forget();
  }

  async discard() {
    this.forget();
    if (!this.draft) return;
    const { draft } = this;
    this.draft = "";
    this.version = null;
    await send("DELETE", config.urls.draft, { draft }).catch(() => null);
  }
}
