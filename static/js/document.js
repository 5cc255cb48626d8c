// The document page: the sheet shown as wide as its column, also when it arrives later.
const fit = (pane) => {
  const sheet = pane.querySelector("article");
  if (sheet && pane.clientWidth) sheet.style.zoom = Math.min(pane.clientWidth / 794, 1.2);
};
const panes = new ResizeObserver((seen) => seen.forEach(({ target }) => fit(target)));
const watch = () => document.querySelectorAll(".document-scroll").forEach((pane) => panes.observe(pane));
watch();
document.body.addEventListener("htmx:afterSwap", watch);
