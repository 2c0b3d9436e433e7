import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { policyDocument, type Statement } from "../support/iam";
import { checkSettings } from "../support/parse-settings";
import { type Admission, admissionsOf, type Purpose } from "./admissions";
import { type Issuer, issuersOf, providerArnOf } from "./issuers";
import { CI_PATH, comparingRights, identityRights, serviceRights } from "./platform-rights";
import { type CiRolesSettings, ciRolesSettings } from "./settings";
import {
  type KeptStack,
  readingRights,
  readObjects,
  savingRights,
  type StateNeighbour,
} from "./state-rights";

export interface CiRolesArgs extends CiRolesSettings {
  /** Where the states are kept. */
  readonly state: StateNeighbour;
}

/** The ARNs of one stack's roles. */
export type RolesOfStack = Partial<Record<Purpose, pulumi.Output<string>>>;

/**
 * Roles that GitHub Actions, GitLab CI and Pulumi Deployments take on by a token that they sign for each run: no key is
 * stored anywhere. For each stack there is a role that previews, which may read the stack's state and nothing else, and
 * one that deploys; at wish one that looks for drift. Who may take on which is said by an exact subject.
 *
 * ```ts
 * const ci = new CiRoles("ci", {
 *   state,
 *   github: { repository: "example/shop", deploy: { dev: { branch: "main" }, prod: { environment: "prod" } } },
 * });
 * export const deployRole = ci.roleArns.prod?.deploy;
 * ```
 *
 * The role that deploys may do everything in the services that the platform uses, and may make roles: whoever has it
 * can get any right in the account in the end. Give each environment an account, or a permissions boundary. Cost: none.
 *
 * It gives no rights in Pulumi Cloud, and none to applications: these have roles of their own.
 */
export class CiRoles extends pulumi.ComponentResource {
  /** By stack and purpose. */
  public readonly roleArns: Readonly<Record<string, RolesOfStack>>;

  /** @throws SettingsError before anything registers, listing every problem. */
  constructor(name: string, args: CiRolesArgs, opts?: pulumi.ComponentResourceOptions) {
    const { state, ...rest } = args;
    const settings = checkSettings(`CiRoles "${name}"`, ciRolesSettings, rest);
    super("ecs-platform:index:CiRoles", name, {}, opts);
    const child = { parent: this };

    const issuers = issuersOf(settings).map((issuer) => ({
      ...issuer,
      providerArn: providerArnOf(name, issuer, child),
    }));
    const createPolicy = (role: string, description: string, statements: Statement[]) =>
      new aws.iam.Policy(
        `${name}-${role}`,
        { path: CI_PATH, description, policy: policyDocument(statements) },
        child,
      ).arn;
    // One for all stacks: what differs between them is the state alone.
    const deployPolicies = {
      services: createPolicy("services", "Services of the platform", serviceRights(state)),
      identities: createPolicy("identities", "Roles of the platform", identityRights(state)),
    };

    const createRole = (stack: string, purpose: Purpose, admissions: readonly Admission[]) => {
      const role = new aws.iam.Role(
        `${name}-${stack}-${purpose}`,
        {
          path: CI_PATH,
          description: `${DESCRIPTIONS[purpose]} the stack ${stack} of ${settings.project}`,
          assumeRolePolicy: trust(admissions, issuers),
          maxSessionDuration: settings.maxSessionHours * 3600,
          permissionsBoundary: settings.permissionsBoundaryArn,
        },
        child,
      );
      const kept = { project: settings.project, stack };
      new aws.iam.RolePolicy(
        `${name}-${stack}-${purpose}-state`,
        { role: role.name, policy: policyDocument(stateRights(purpose, state, kept)) },
        child,
      );
      if (purpose === "deploy") {
        for (const [key, policyArn] of Object.entries(deployPolicies)) {
          new aws.iam.RolePolicyAttachment(
            `${name}-${stack}-${purpose}-${key}`,
            { role: role.name, policyArn },
            child,
          );
        }
      }
      return role.arn;
    };

    this.roleArns = byStack(admissionsOf(settings), createRole);
    this.registerOutputs({ roleArns: this.roleArns });
  }
}

const DESCRIPTIONS: Readonly<Record<Purpose, string>> = {
  preview: "Previews",
  deploy: "Deploys",
  drift: "Compares with AWS",
};

/** Makes a role for each stack and purpose that anybody is admitted to. */
function byStack(
  admissions: readonly Admission[],
  create: (
    stack: string,
    purpose: Purpose,
    admissions: readonly Admission[],
  ) => pulumi.Output<string>,
): Record<string, RolesOfStack> {
  const roles: Record<string, RolesOfStack> = {};
  for (const { stack, purpose } of admissions) {
    roles[stack] ??= {};
    roles[stack][purpose] ??= create(
      stack,
      purpose,
      admissions.filter((other) => other.stack === stack && other.purpose === purpose),
    );
  }
  return roles;
}

function stateRights(purpose: Purpose, state: StateNeighbour, kept: KeptStack): Statement[] {
  switch (purpose) {
    case "preview":
      return readingRights(state, kept);
    case "deploy":
      return savingRights(state, kept);
    case "drift":
      return [...readingRights(state, kept), ...comparingRights(readObjects(state, kept))];
  }
}

/** Who may take a role on: whoever has a token of the issuer, meant for AWS or for this organization, with one of the subjects. */
function trust(
  admissions: readonly Admission[],
  issuers: readonly (Issuer & { readonly providerArn: pulumi.Input<string> })[],
): pulumi.Output<string> {
  return policyDocument(
    admissions.flatMap((admission) =>
      issuers
        .filter(({ key }) => key === admission.issuer)
        .map((issuer) => ({
          principal: { Federated: issuer.providerArn },
          actions: ["sts:AssumeRoleWithWebIdentity"],
          conditions: conditionsOf(admission, issuer),
        })),
    ),
  );
}

function conditionsOf(
  { subjects, isPattern }: Admission,
  { url, audience }: Issuer,
): Statement["conditions"] {
  const meant = { [`${url}:aud`]: audience };
  const from = { [`${url}:sub`]: subjects };
  return isPattern
    ? { StringEquals: meant, StringLike: from }
    : { StringEquals: { ...meant, ...from } };
}
