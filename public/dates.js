// A date is read back in full as soon as its field is left, in the place of the example above it.
for (const field of document.querySelectorAll('input[data-date]')) {
  const support = document.getElementById(`${field.id}-support`);
  if (support === null) continue;
  const example = support.textContent;
  field.addEventListener('change', async () => {
    const { value } = field;
    const answer = await fetch(`/dates?typed=${encodeURIComponent(value)}`, { redirect: 'error' }).catch(
      () => {},
    );
    const said = answer?.ok ? await answer.text() : '';
    if (field.value === value) support.textContent = said || example;
  });
}
