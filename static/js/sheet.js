// Fits the printed sheet to its pane: [data-sheet-fit] holds it, [data-sheet-zoom="in|out|fit"] are the buttons.
(() => {
  "use strict";

  const SHEET_PX = 793.7;      // 210 mm
  const STEPS = [0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.1, 1.25, 1.5, 2];
  const stages = document.querySelectorAll("[data-sheet-fit]");
  let chosen = 0;              // 0: follow the pane

  const fit = (stage) => {
    const style = getComputedStyle(stage);
    const room = stage.clientWidth - parseFloat(style.paddingInlineStart) - parseFloat(style.paddingInlineEnd);
    return Math.max(0.3, Math.min(1.25, room / SHEET_PX));
  };
  const apply = () => {
    for (const stage of stages) {
      if (!stage.clientWidth) continue;
      const zoom = chosen || fit(stage);
      stage.style.setProperty("--sheet-zoom", zoom.toFixed(3));
      for (const value of document.querySelectorAll("[data-sheet-zoom-value]")) value.textContent = `${Math.round(zoom * 100)}%`;
    }
  };
  const observer = new ResizeObserver(apply);
  for (const stage of stages) observer.observe(stage);

  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-sheet-zoom]");
    if (!button || !stages.length) return;
    const now = chosen || fit(stages[0]);
    if (button.dataset.sheetZoom === "fit") chosen = 0;
    else if (button.dataset.sheetZoom === "in") chosen = STEPS.find((step) => step > now + 0.01) || STEPS.at(-1);
    else chosen = STEPS.findLast((step) => step < now - 0.01) || STEPS[0];
    apply();
  });
})();
