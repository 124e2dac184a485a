// The big screen: its clock, and back one level by Esc.

const face = document.querySelector("[data-clock]");
const say = new Intl.DateTimeFormat(document.documentElement.lang, { month: "long", day: "numeric", weekday: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: face?.dataset.zone || undefined });

function tick() {
  const now = new Date();
  face.textContent = say.format(now);
  face.dateTime = now.toISOString();
  setTimeout(tick, 60_000 - (now % 60_000));
}
if (face) tick();

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const up = document.querySelector("[data-up]");
  if (up) location.href = up.getAttribute("href") ?? up.dataset.up;
});
