// Runs before the first paint, so that a chosen theme does not flash. The rest is in components/ui/theme.js.
try {
  const theme = localStorage.getItem("airsketch:theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // A shut storage means: as the system has it.
}
