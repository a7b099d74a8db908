// Shows how far an import has come, and the page anew when it is over. Without this file the page
// refreshes itself.

const place = document.querySelector('[data-progress]');
const bar = place?.querySelector('progress');
const words = place?.querySelector('[data-progress-text]');
const EVERY_MS = 1000;

async function look() {
  const answer = await fetch(place.dataset.progress, { headers: { Accept: 'application/json' } });
  if (!answer.ok) return;
  const { status, progress } = await answer.json();
  if (status !== 'running') {
    location.reload();
    return;
  }
  bar.value = progress;
  words.textContent = `${progress}％`;
}

if (place !== null) setInterval(() => look().catch(() => undefined), EVERY_MS);
