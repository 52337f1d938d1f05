"use strict";
// Everything works without this file; it saves clicks and tells people who cannot see what changed.
(() => {
  const each = (root, selector, act) => root.querySelectorAll(selector).forEach(act);

  const focusFirst = (root) => {
    const target = root.querySelector("#error-summary") || root.querySelector("[data-focus]");
    if (target) target.focus();
  };

  // Minus and plus beside a number.
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-step]");
    if (!button) return;
    const input = button.parentElement.querySelector("input");
    const before = input.value;
    if (button.dataset.step > 0) input.stepUp(); else input.stepDown();
    if (input.value !== before) input.dispatchEvent(new Event("change", { bubbles: true }));
  });

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-print]")) window.print();
  });

  // Arrow keys walk through the cells of a chart.
  const steps = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
  document.addEventListener("keydown", (event) => {
    const step = steps[event.key];
    const here = step && event.target.closest("td");
    if (!here || !event.target.matches(".cell")) return;
    let row = here.parentElement;
    let column = here.cellIndex;
    do {
      row = step[0] < 0 ? row.previousElementSibling : step[0] > 0 ? row.nextElementSibling : row;
      column += step[1];
      const cell = row && row.cells[column];
      if (!cell) return;
      const next = cell.querySelector(".cell");
      if (next) { next.focus(); event.preventDefault(); return; }
    } while (row);
  });

  // While the server answers, the touched block says so; the last toast goes with the next action.
  document.addEventListener("htmx:beforeRequest", (event) => {
    event.detail.target.setAttribute("aria-busy", "true");
    if (event.detail.requestConfig.verb !== "get") each(document, "#toast", (toast) => toast.replaceChildren());
  });
  document.addEventListener("htmx:afterRequest", (event) => event.detail.target.removeAttribute("aria-busy"));
  document.addEventListener("htmx:sendError", () => {
    const lost = document.body.dataset.lost;
    each(document, "#toast", (toast) => { toast.textContent = lost; });
  });
  document.addEventListener("htmx:afterSettle", (event) => focusFirst(event.detail.elt));
  document.addEventListener("DOMContentLoaded", () => focusFirst(document));
})();
