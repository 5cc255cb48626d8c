// The document page: the sheet shown as wide as its column.
const pane = document.querySelector(".document-scroll");
const sheet = pane?.querySelector("article");
const fit = () => {
  const room = pane.clientWidth;
  if (room) sheet.style.zoom = Math.min(room / 794, 1.2);
};
if (sheet) new ResizeObserver(fit).observe(pane);
