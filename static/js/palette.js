// Command palette (Ctrl+K): pages from a list in the page, documents and parties from the search address.
(() => {
  "use strict";

  const dialog = document.getElementById("palette");
  const data = document.getElementById("palette-data");
  if (!dialog || !data) return;
  const input = dialog.querySelector("input");
  const list = dialog.querySelector(".palette-list");
  const template = document.getElementById("palette-option");
  const entries = JSON.parse(data.textContent);
  const SEARCH_AFTER_MS = 120;
  let options = [];
  let chosen = 0;
  let timer = 0;
  let request = null;

  // Arabic is typed with and without hamza, marks and tatweel: compare what is left without them.
  const plain = (text) =>
    text.toLowerCase().normalize("NFKD").replace(/[\u0300-\u036f\u064b-\u065f\u0670\u0640]/g, "").replace(/[أإآٱ]/g, "ا").replace(/ى/g, "ي").replace(/ة/g, "ه");

  // "fat" in one piece, or its letters in order within one word: فات finds الفواتير.
  const contains = (text, wanted) =>
    text.includes(wanted) ||
    (wanted.length > 2 && text.split(" ").some((word) => {
      let at = -1;
      return [...wanted].every((letter) => (at = word.indexOf(letter, at + 1)) >= 0);
    }));

  const choose = (index) => {
    if (!options.length) return;
    chosen = (index + options.length) % options.length;
    options.forEach((option, at) => option.setAttribute("aria-selected", String(at === chosen)));
    options[chosen].scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", options[chosen].id);
  };

  const add = (title, rows) => {
    if (!rows.length) return;
    const heading = document.createElement("div");
    heading.className = "palette-group";
    heading.setAttribute("role", "presentation");
    heading.textContent = title;
    list.append(heading);
    for (const row of rows) {
      const option = template.content.firstElementChild.cloneNode(true);
      option.id = `palette-${options.length}`;
      option.dataset.url = row.url;
      option.querySelector("bdi").textContent = row.label;
      option.querySelector("small").textContent = row.hint || "";
      if (row.icon) {
        const use = option.querySelector("use");
        use.setAttribute("href", use.getAttribute("href").replace(/#.*/, `#${row.icon}`));
      }
      list.append(option);
      options.push(option);
    }
  };

  const draw = (found = []) => {
    const wanted = plain(input.value.trim());
    const fits = entries.filter((entry) => !wanted || contains(plain(entry.names), wanted));
    list.replaceChildren();
    options = [];
    add(dialog.dataset.textFound, found);
    add(dialog.dataset.textGo, fits.filter((entry) => entry.group === "go"));
    add(dialog.dataset.textCreate, fits.filter((entry) => entry.group === "create"));
    if (!options.length) {
      const nothing = document.createElement("div");
      nothing.className = "palette-group";
      nothing.textContent = dialog.dataset.textNothing;
      list.append(nothing);
      input.removeAttribute("aria-activedescendant");
    }
    choose(0);
  };

  const search = async () => {
    request?.abort();
    const wanted = input.value.trim();
    if (!dialog.dataset.searchUrl || wanted.length < 2) return;
    request = new AbortController();
    try {
      const address = `${dialog.dataset.searchUrl}?q=${encodeURIComponent(wanted)}`;
      const answer = await fetch(address, { signal: request.signal, headers: { Accept: "application/json" } });
      if (answer.ok) draw((await answer.json()).results);
      else if (answer.status === 401) mizan.signedOut();
    } catch (error) {
      if (error.name !== "AbortError") draw();
    }
  };

  const go = (option) => {
    // only addresses of this site: a result can never carry a script or another origin
    const url = option && new URL(option.dataset.url, location.href);
    if (url && url.origin === location.origin) location.assign(url);
  };

  const open = () => {
    if (dialog.open) return;
    input.value = "";
    draw();
    dialog.showModal();
    input.focus();
  };

  input.addEventListener("input", () => {
    draw();
    clearTimeout(timer);
    timer = setTimeout(search, SEARCH_AFTER_MS);
  });
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "ArrowDown") choose(chosen + 1);
    else if (event.key === "ArrowUp") choose(chosen - 1);
    else if (event.key === "Enter") go(options[chosen]);
    else return;
    event.preventDefault();
  });
  list.addEventListener("pointermove", (event) => {
    const at = options.indexOf(event.target.closest(".palette-option"));
    if (at >= 0 && at !== chosen) choose(at);
  });
  list.addEventListener("click", (event) => go(event.target.closest(".palette-option")));
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && event.code === "KeyK") {
      event.preventDefault();
      if (dialog.open) dialog.close();
      else open();
    }
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest?.("[data-palette-open]")) open();
  });
})();
