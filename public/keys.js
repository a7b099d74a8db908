// Function keys press what carries their name; Enter moves on in forms that say so. Without this file
// everything still works by Tab and Enter.

document.addEventListener('keydown', (event) => {
  if (event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
  if (/^F\d+$/.test(event.key)) {
    const target = document.querySelector(`[data-key="${event.key}"]`);
    if (target === null) return;
    event.preventDefault();
    target.focus();
    if (target.matches('a, button')) target.click();
    else target.select?.();
    return;
  }
  const form = event.target.closest?.('form[data-enter-moves]');
  if (event.key === 'Enter' && form && event.target.matches('input, select')) {
    event.preventDefault();
    const stops = [...form.querySelectorAll('input:not([type="hidden"]), select, button')];
    stops[stops.indexOf(event.target) + 1]?.focus();
  }
});
