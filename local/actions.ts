import type { OutputMap } from "@pulumi/pulumi/automation";
import { GAPS } from "./emulators/emulators";
import { forgetLocalStack, type LocalStack, type Session } from "./local-stack";
import type { Outcome } from "./operation-events";
import type { Action } from "./options";
import { withLocalStack } from "./recovery";
import {
  describeChanges,
  describeComponents,
  describeGaps,
  describeOutputs,
  describeRemarks,
  describeStandIns,
  plainOutputs,
} from "./report";
import { countByComponent, protectedResources } from "./resources";
import { projectName } from "./stack-files";
import { readState } from "./state-files";
import type { Summary } from "./summary";

type Act = (session: Session) => Promise<Partial<Summary>>;

/** The key of the stack file that lets a protected stack be destroyed, here as on a real account. */
const UNPROTECTED = {
  key: "unprotectedBecause",
  reason: "the local run was asked to destroy the stack",
} as const;

/** What each option of the command line does, and what it prints at its end. */
export const ACTIONS: Readonly<Record<Action, Act>> = { deploy, preview, drift, destroy };

async function deploy(session: Session): Promise<Partial<Summary>> {
  const { policyPack, stack } = session.options;
  const { outcome, outputs, components, served } = await withLocalStack(session, async (local) => {
    // The engine judges a stack as a whole at its end, when everything has been created.
    if (policyPack !== undefined) await local.operate("preview", `Checking policies on ${stack}`);
    return {
      ...(await local.operate("up", `Deploying ${stack}`)),
      components: countByComponent(await local.resources()),
      served: local.standIns.served(),
    };
  });
  print(
    session,
    describeComponents(components),
    describeStandIns(served),
    describeGaps(GAPS),
    describeRemarks(outcome.diagnostics),
    describeOutputs(outputs),
    describeChanges(outcome, "done"),
  );
  return { ...changes(outcome, outputs), components: Object.fromEntries(components) };
}

async function preview(session: Session): Promise<Partial<Summary>> {
  const { outcome } = await withLocalStack(session, (local) =>
    local.operate("preview", `Previewing ${session.options.stack}`),
  );
  print(session, describeRemarks(outcome.diagnostics), describeChanges(outcome, "planned"));
  return changes(outcome);
}

async function drift(session: Session): Promise<Partial<Summary>> {
  const { outcome } = await withLocalStack(session, (local) =>
    local.operate("previewRefresh", `Comparing ${session.options.stack} with the emulated AWS`),
  );
  print(session, describeChanges(outcome, "drifted"));
  return changes(outcome);
}

async function destroy(session: Session): Promise<Partial<Summary>> {
  const { folder, stack } = session.options;
  const { resources, cutOff } = readState(folder, projectName(session.options.project), stack);
  if (resources.length === 0 && !cutOff) {
    await forgetLocalStack(folder);
    session.recover = false;
    print(session, `${stack} is not deployed: 0 resources in the state.`);
    return { remaining: 0 };
  }
  const { outcome, remaining } = await withLocalStack(session, async (local) => {
    await liftProtection(session, local);
    const { outcome } = await local.operate("destroy", `Destroying ${stack}`);
    return { outcome, remaining: (await local.resources()).length };
  });
  const done = session.startedAnew
    ? "What was left was thrown away."
    : describeChanges(outcome, "done");
  print(session, `${done}\n${remaining} resources left in the state.`);
  if (remaining > 0) throw new Error(`The engine left ${remaining} resources of ${stack}.`);
  await forgetLocalStack(folder);
  return { ...changes(outcome), remaining };
}

/** Pulumi and AWS refuse to delete what is protected. So first comes an update that lifts the protection. */
async function liftProtection(session: Session, local: LocalStack): Promise<void> {
  const found = protectedResources(await local.resources());
  if (found.length === 0) return;
  const { options, progress } = session;
  const key = `${projectName(options.project)}:${UNPROTECTED.key}`;
  progress.note(
    `${options.stack} has ${found.length} protected resources. On a real account, to destroy them, you would set\n` +
      `${key} in the stack file and deploy before. That is what happens first here, too.`,
  );
  local.configure({ [key]: UNPROTECTED.reason });
  await local.operate("up", `Lifting the protection of ${options.stack}`);
}

function changes({ counts, changed }: Outcome, outputs?: OutputMap): Partial<Summary> {
  return { counts, changed, ...(outputs && { outputs: plainOutputs(outputs) }) };
}

function print({ progress }: Session, ...paragraphs: readonly string[]): void {
  for (const paragraph of paragraphs) if (paragraph !== "") progress.note(`\n${paragraph}`);
}
