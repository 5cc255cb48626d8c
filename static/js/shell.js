// The page shell: theme, dialogs, menus, toasts, keys. No text of its own: words come from the page.
(() => {
  "use strict";

  const root = document.documentElement;
  const remember = (name, value) => {
    document.cookie = `${name}=${value};path=/;max-age=31536000;samesite=lax${location.protocol === "https:" ? ";secure" : ""}`;
  };

  // ---- theme: what is seen now turns into the other one, and is remembered for the server to write into <html>
  const isDark = () =>
    (root.dataset.theme || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
  const toggleTheme = () => {
    root.dataset.theme = isDark() ? "light" : "dark";
    remember("theme", root.dataset.theme);
  };

  // ---- dialogs
  const open = (id) => {
    const dialog = document.getElementById(id);
    if (dialog && !dialog.open) dialog.showModal();
    return dialog;
  };

  document.addEventListener("click", (event) => {
    const target = event.target;
    if (!(target instanceof Element)) return;
    const opener = target.closest("[data-open]");
    if (opener) open(opener.dataset.open);
    else if (target.closest("[data-close]")) target.closest("dialog")?.close();
    else if (target.closest("[data-theme-toggle]")) toggleTheme();
    else if (target.closest("[data-dismiss]")) target.closest(".toast")?.remove();
    if (target instanceof HTMLDialogElement) {
      const box = target.getBoundingClientRect();
      const inside = event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom;
      if (!inside) target.close();
    }
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      if (!menu.contains(target) || target.closest("[data-open]")) menu.open = false;
    }
  });

  // a dialog whose form was refused comes back open
  document.querySelector("dialog[data-open-now]")?.showModal();

  // ---- menus: arrows move, Escape closes and gives the focus back
  document.addEventListener("keydown", (event) => {
    const menu = document.activeElement?.closest("details.menu[open]");
    if (!menu) return;
    if (event.key === "Escape") {
      menu.open = false;
      menu.querySelector("summary").focus();
      event.stopPropagation();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const items = [...menu.querySelectorAll(".menu-list :is(a, button)")];
      const step = event.key === "ArrowDown" ? 1 : -1;
      items[(items.indexOf(document.activeElement) + step + items.length) % items.length]?.focus();
      event.preventDefault();
    }
  });

  // ---- toasts: HX-Trigger {"toast": {message, tone, undo}} or window.mizan.toast(...)
  const TOAST_MS = 6000;
  const UNDO_MS = 10000;
  const leave = (toast, wait) => {
    let timer = setTimeout(() => toast.remove(), wait);
    toast.addEventListener("pointerenter", () => clearTimeout(timer));
    toast.addEventListener("focusin", () => clearTimeout(timer));
    toast.addEventListener("pointerleave", () => { timer = setTimeout(() => toast.remove(), wait); });
  };
  const toast = ({ message, tone = "good", undo = "", onUndo = null }) => {
    const template = document.getElementById("toast-template");
    const element = template.content.firstElementChild.cloneNode(true);
    element.className = `toast toast--${tone}`;
    const symbols = { bad: "error", warn: "warning", info: "info" };
    if (symbols[tone]) {
      const use = element.querySelector("use");
      use.setAttribute("href", use.getAttribute("href").replace(/#.*/, `#${symbols[tone]}`));
    }
    if (tone === "bad") element.setAttribute("role", "alert");
    element.querySelector("p").textContent = message;
    const button = element.querySelector("[data-undo]");
    if (undo || onUndo) {
      button.hidden = false;
      button.addEventListener("click", () => {
        element.remove();
        if (onUndo) onUndo();
        else htmx.ajax("POST", undo, { swap: "none" });
      });
    } else {
      button.remove();
    }
    document.getElementById("toasts").append(element);
    if (tone !== "bad") leave(element, undo || onUndo ? UNDO_MS : TOAST_MS);
    return element;
  };
  document.addEventListener("toast", (event) => toast(event.detail));
  for (const element of document.querySelectorAll("#toasts .toast:not(.toast--bad)")) leave(element, TOAST_MS);

  // ---- a call was answered "signed out" (HX-Trigger, or a script that got a 401): say so once, over the page as it is
  let toldSignedOut = false;
  document.addEventListener("signed-out", (event) => {
    const dialog = document.getElementById("signed-out");
    if (!dialog || toldSignedOut) return;
    toldSignedOut = true;
    // what was typed: nothing ("page"), kept in this browser ("kept"), on the page alone ("open", which must not be left)
    const told = event.detail?.typed ?? "page";
    for (const line of dialog.querySelectorAll("[data-told]")) line.hidden = line.dataset.told !== told;
    const link = dialog.querySelector("a");
    link.target = told === "open" ? "_blank" : "";
    link.search = new URLSearchParams({ next: location.pathname + location.search, ended: "1" });
    open(dialog.id);
  });
  const signedOut = (detail = {}) => document.dispatchEvent(new CustomEvent("signed-out", { detail }));

  // ---- a form is sent once: a second click or Enter while the first is under way does nothing
  const sent = new Set();
  const SENT_MS = 15000; // an answer that is a file leaves the page as it is
  const isPost = (form, submitter) => submitter?.getAttribute("formmethod") === "post" || form.method === "post" || form.hasAttribute("hx-post");
  document.addEventListener("submit", (event) => {
    if (!sent.has(event.target)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }, true);
  document.addEventListener("submit", (event) => {
    if (event.defaultPrevented || !isPost(event.target, event.submitter)) return;
    sent.add(event.target);
    setTimeout(() => sent.delete(event.target), SENT_MS);
  });
  document.addEventListener("htmx:beforeSend", (event) => {
    if (event.detail.requestConfig?.triggeringEvent?.type === "submit") sent.add(event.detail.elt);
  });
  document.addEventListener("htmx:afterRequest", (event) => sent.delete(event.detail.elt));
  addEventListener("pageshow", () => sent.clear());

  // ---- tabs: role="tablist" with data-pane buttons switch [data-pane] of the nearest .split or #panels
  document.addEventListener("click", (event) => {
    const tab = event.target.closest?.("[role='tab'][data-pane]");
    if (!tab) return;
    for (const other of tab.closest("[role='tablist']").querySelectorAll("[role='tab']")) {
      other.setAttribute("aria-selected", String(other === tab));
    }
    const split = tab.closest(".split");
    if (split) split.dataset.pane = tab.dataset.pane;
  });

  // ---- keys
  const singleKeys = document.getElementById("single-keys");
  if (singleKeys) {
    singleKeys.checked = localStorage.getItem("single-keys") !== "off";
    singleKeys.addEventListener("change", () => localStorage.setItem("single-keys", singleKeys.checked ? "on" : "off"));
  }
  const isTyping = (element) => element?.closest("input, select, textarea, [contenteditable='true']") !== null && element !== null;
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (isTyping(document.activeElement) || document.querySelector("dialog[open]") || !singleKeys?.checked) return;
    // by the place of the key where the layout is Arabic: the letters are there, only their signs differ
    const isArabic = /[\u0600-\u06ff]/.test(event.key);
    const key = isArabic && event.code.startsWith("Key") ? event.code.slice(3).toLowerCase() : event.key.toLowerCase();
    if (key === "?" || key === "؟") {
      open("key-help");
    } else if (key === "/" || (isArabic && event.code === "Slash")) {
      const search = document.querySelector("[data-filter-search]");
      if (!search) return;
      search.focus();
      search.select?.();
    } else {
      const target = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
      if (!target) return;
      target.click();
    }
    event.preventDefault();
  });

  // Keys of this page: <template data-page-keys> in a page fills the second half of the help.
  const pageKeys = document.querySelector("template[data-page-keys]");
  if (pageKeys) {
    const place = document.getElementById("page-keys");
    place.append(pageKeys.content.cloneNode(true));
    place.hidden = false;
  }

  // The first marked field gets the focus, on load and after a swap.
  const focusError = (scope) => scope.querySelector?.("[aria-invalid='true']")?.focus();
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.detail.xhr?.status === 422) focusError(event.detail.elt);
  });
  focusError(document);

  window.mizan = Object.freeze({ toast, open, signedOut });
})();
