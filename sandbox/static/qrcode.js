// Somebody scans the code on this page.
import { api } from "./api.js";

const root = document.getElementById("scanners");
root.addEventListener("click", async (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  await api.send(button.dataset.openid, "scan", { scene: root.dataset.scene, ticket: root.dataset.ticket });
  document.getElementById("scanned").textContent = `${button.textContent}扫了码，看他的手机。`;
});
