// Keys: a function key presses what carries its name; the arrows move through a list and 1 to 9 open its
// n-th row; Enter moves on in forms that say so; a heading sorts its column. Without this file everything
// still works by Tab and Enter.

const isTyping = (target) =>
  target.matches?.('input:not([type="radio"], [type="checkbox"]), textarea, select');

document.addEventListener('keydown', (event) => {
  if (event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
  if (/^F\d+$/.test(event.key)) pressNamed(event);
  else if (event.key === 'Enter') moveOn(event);
  else if (!isTyping(event.target)) moveInList(event);
});

function pressNamed(event) {
  const target = document.querySelector(`[data-key="${event.key}"]`);
  if (target === null) return;
  event.preventDefault();
  target.focus();
  if (target.matches('a, button')) target.click();
  else target.select?.();
}

function moveOn(event) {
  const form = event.target.closest?.('form[data-enter-moves]');
  if (!form || !event.target.matches('input, select')) return;
  event.preventDefault();
  const stops = [...form.querySelectorAll('input:not([type="hidden"]), select, button')];
  stops[stops.indexOf(event.target) + 1]?.focus();
}

function moveInList(event) {
  const rows = [...document.querySelectorAll('[data-rows] [data-pick]')];
  if (rows.length === 0) return;
  const at = rows.indexOf(document.activeElement);
  const nth = /^[1-9]$/.test(event.key) ? rows[Number(event.key) - 1] : undefined;
  const next = {
    ArrowDown: rows[at + 1],
    ArrowUp: rows[Math.max(at - 1, 0)],
    Home: rows[0],
    End: rows.at(-1),
  }[event.key];
  const target = nth ?? next;
  if (target === undefined) return;
  event.preventDefault();
  target.focus();
  nth?.click();
}

// What was searched for last is replaced by typing, as in any box with the caret at hand.
if (document.activeElement?.matches('input[type="search"]')) document.activeElement.select();

for (const button of document.querySelectorAll('table[data-rows] th[aria-sort] button')) {
  button.addEventListener('click', () => sortBy(button.closest('th')));
}

function sortBy(heading) {
  const table = heading.closest('table');
  const column = heading.cellIndex;
  const isDown = heading.getAttribute('aria-sort') === 'ascending';
  for (const other of table.querySelectorAll('th[aria-sort]')) other.setAttribute('aria-sort', 'none');
  heading.setAttribute('aria-sort', isDown ? 'descending' : 'ascending');
  const key = (row) => row.cells[column].dataset.sort ?? row.cells[column].textContent.trim();
  const rows = [...table.tBodies[0].rows].sort((a, b) =>
    key(a).localeCompare(key(b), 'ja', { numeric: true }),
  );
  table.tBodies[0].append(...(isDown ? rows.reverse() : rows));
}
