"use strict";
document.documentElement.classList.add("has-script");
const rows = Array.from(document.querySelectorAll("#evaluations tbody tr"));
const texts = rows.map((row) => row.textContent.toLowerCase());
const search = document.getElementById("search");
const selects = Array.from(document.querySelectorAll(".filters select"));
const count = document.getElementById("count");
const nothing = document.getElementById("nothing");
function filter() {
  const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  let shown = 0;
  rows.forEach((row, index) => {
    const isShown = words.every((word) => texts[index].includes(word))
      && selects.every((select) => !select.value
        || (" " + row.dataset[select.name] + " ").includes(" " + select.value + " "));
    row.hidden = !isShown;
    if (isShown) shown += 1;
  });
  count.textContent = `${shown} of ${rows.length} shown`;
  nothing.hidden = shown > 0;
}
search.addEventListener("input", filter);
selects.forEach((select) => select.addEventListener("change", filter));
filter();
