for (const [id, path] of Object.entries({ backend: "health", database: "database" })) {
  const answer = await fetch(`/java/api/${path}`).catch((error) => error);
  document.getElementById(id).textContent = answer.ok ? "reached" : "not reached";
}
