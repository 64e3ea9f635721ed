// Shows what has come since: looks again every few seconds and keeps the focus where it was.
"use strict";
setInterval(async () => {
  const answer = await fetch(location.pathname); // without the ?sent, so that the note goes away
  if (!answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("main");
  const shown = document.querySelector("main");
  if (fresh.innerHTML === shown.innerHTML) return;
  const focused = document.activeElement.getAttribute("href");
  shown.replaceChildren(...fresh.childNodes);
  if (focused) [...shown.querySelectorAll("a")].find((one) => one.getAttribute("href") === focused)?.focus();
}, 4000);
