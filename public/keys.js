// Keys: a function key presses what carries its name; the arrows move through a list and 1 to 9 open its
// n-th row, or through the menu; Enter moves on in forms that say so; a heading sorts its column. Without this
// file everything still works by Tab and Enter.

const REST_MS = 150;

const isTyping = (target) =>
  target.matches?.('input:not([type="radio"], [type="checkbox"]), textarea, select');

document.addEventListener('keydown', (event) => {
  if (event.isComposing || event.ctrlKey || event.metaKey) return;
  if (event.altKey) {
    // Most browsers press an access key by themselves, and then say so.
    const isOurs = /^[a-z]$/i.test(event.key) && !event.defaultPrevented;
    if (isOurs) press(event, `[accesskey="${event.key.toLowerCase()}"]`);
  } else if (/^F\d+$/.test(event.key)) press(event, `[data-key="${event.key}"]`);
  else if (event.key === 'Enter') moveOn(event);
  else if (event.target.closest?.('.menu[open]')) moveInMenu(event);
  else if (!isTyping(event.target)) moveInList(event);
});

function press(event, named) {
  const target = document.querySelector(named);
  if (target === null) return;
  event.preventDefault();
  target.focus();
  if (target.matches('a, button, summary')) target.click();
  else target.select?.();
}

// A group of choices is one stop, at what is chosen; what a choice hides is none.
function moveOn(event) {
  const { target } = event;
  const form = target.closest?.('form[data-enter-moves]');
  if (!form || !target.matches('input, select')) return;
  event.preventDefault();
  const fields = [...form.querySelectorAll('input:not([type="hidden"]), select, textarea, button')];
  fields
    .slice(fields.indexOf(target) + 1)
    .find((one) => one.checkVisibility() && (one.type !== 'radio' || isStopOfGroup(one, target)))
    ?.focus();
}

function isStopOfGroup(radio, target) {
  const group = radio.form.elements[radio.name];
  return radio.name !== target.name && (radio.checked || (group.value === '' && radio === group[0]));
}

function moveInMenu(event) {
  const menu = event.target.closest('.menu');
  const links = [...menu.querySelectorAll('a')];
  const at = links.indexOf(event.target);
  if (event.key === 'Escape') {
    menu.open = false;
    menu.querySelector('summary').focus();
  }
  const next = { ArrowDown: links[at + 1], ArrowUp: links[at - 1] }[event.key];
  if (next === undefined) return;
  event.preventDefault();
  next.focus();
}

for (const menu of document.querySelectorAll('.menu')) {
  menu.addEventListener('focusout', ({ relatedTarget }) => {
    if (relatedTarget !== null && !menu.contains(relatedTarget)) menu.open = false;
  });
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
  showSummary(target.dataset.summary);
}

const beside = document.querySelector('[data-beside]');
let wanted;

// Whoever is moved past at once is not fetched: what is shown is on record as seen.
async function showSummary(address) {
  wanted = address;
  if (address === undefined || !beside?.checkVisibility()) return;
  await new Promise((resolve) => setTimeout(resolve, REST_MS));
  if (wanted !== address) return;
  const answer = await fetch(address, { redirect: 'error' }).catch(() => undefined);
  if (wanted !== address) return;
  if (!answer?.ok) return beside.replaceChildren('表示できませんでした。Enterで個人票を開いてください。');
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
  beside.replaceChildren(...page.body.childNodes);
}

// The way back to a page that answered a form leads to its address: the browser has nothing to send once more.
const { returnTo } = document.querySelector('main').dataset;
if (returnTo !== undefined) history.replaceState(null, '', returnTo);

// What was searched for last is replaced by typing, whether the browser puts the caret there before this or after.
const selectAll = (target) => target?.matches('input[type="search"]') && target.select();
document.addEventListener('focusin', ({ target }) => selectAll(target));
selectAll(document.activeElement);

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
