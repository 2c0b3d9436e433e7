// Stands in for the team's own build (Angular, React or another): whatever it is, it ends in a folder of static files.
import { cp, mkdir } from "node:fs/promises";

await mkdir("dist", { recursive: true });
await cp("page", "dist", { recursive: true });
