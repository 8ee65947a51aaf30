// Reads and judges without loading the page again.  Everything works without this script, too.
"use strict";
const $ = id => document.getElementById(id);
const form = $("line-form"), latex = $("latex"), question = $("question"), where = $("where");
let reading = null, judging = null, timer = 0;

// What the server answers is our own page: it has escaped all that somebody wrote.
const put = (place, html) => place.replaceChildren(
  ...new DOMParser().parseFromString(html, "text/html").body.childNodes);

const ask = async (path, place, controller) => {
  const body = new URLSearchParams({
    question: question.value, latex: latex.value, where: where.value });
  try {
    const answer = await fetch(path, { method: "POST", body, signal: controller.signal });
    const text = await answer.text();
    if (controller.signal.aborted) return;
    if (answer.ok) put(place, text); else place.textContent = text;
  } catch (error) {
    if (!controller.signal.aborted) place.textContent = "symattn does not answer; is it still running?";
  }
};

const read = () => {
  clearTimeout(timer);
  reading?.abort();
  judging?.abort();
  $("verdict").replaceChildren();  // it was of another line
  timer = setTimeout(() => ask("/read", $("reading"), reading = new AbortController()), 300);
};

const judge = async event => {
  event?.preventDefault();
  judging?.abort();
  judging = new AbortController();
  $("verdict").textContent = "judging …";
  await ask("/judge", $("verdict"), judging);
};

latex.addEventListener("input", read);
where.addEventListener("input", read);
form.addEventListener("submit", judge);
latex.addEventListener("keydown", event => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) judge(event);
});
$("show").hidden = true;
question.addEventListener("change", async () => {
  read();
  const chosen = question.value;
  try {
    const answer = await fetch("/asked?question=" + encodeURIComponent(chosen));
    if (answer.ok && chosen === question.value) put($("asked"), await answer.text());
  } catch (error) { /* the line's own request says so */ }
});

const drop = $("drop"), file = $("file");
for (const kind of ["dragenter", "dragover"]) drop.addEventListener(kind, event => {
  event.preventDefault();
  drop.classList.add("over");
});
for (const kind of ["dragleave", "drop"]) drop.addEventListener(kind, event => {
  event.preventDefault();
  drop.classList.remove("over");
});
drop.addEventListener("drop", event => {
  if (!event.dataTransfer.files.length) return;
  file.files = event.dataTransfer.files;
  $("file-form").requestSubmit();
});
$("file-form").addEventListener("submit", () => { $("sending").textContent = "judging …"; });
