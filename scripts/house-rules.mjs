/**
 * The rules of this code base that ESLint's own rules can express without types. Kept apart from
 * eslint.config.mjs so that test/lint.spec.ts can try each of them without loading TypeScript.
 */

/** `new` of these is a plain value; of anything else it may be a resource. */
const plainClasses = "/^(Set|Map|WeakMap|WeakSet|Date|URL|URLSearchParams|RegExp|Promise)$|Error$/";

const noResourceInCallback = {
  selector:
    "CallExpression[callee.property.name=/^(apply|then)$/] > :function.arguments " +
    `NewExpression:not([callee.name=${plainClasses}]):not([callee.property.name=/Error$/])`,
  message:
    "Resources made in apply or then do not show in a preview. Make them in the constructor and " +
    "pass outputs as inputs; use apply only to compute a value.",
};

const noFocusedTest = {
  selector: "MemberExpression[object.name=/^(describe|context|it|specify)$/][property.name='only']",
  message: "Remove .only: it silently skips every other test.",
};

/** Uses of a member of @pulumi/pulumi, however it was imported. */
function pulumiMember(pattern, message) {
  return [
    `MemberExpression[object.name='pulumi'][property.name=${pattern}]`,
    `TSQualifiedName[left.name='pulumi'][right.name=${pattern}]`,
    `ImportDeclaration[source.value='@pulumi/pulumi'] > ImportSpecifier[imported.name=${pattern}]`,
  ].map((selector) => ({ selector, message }));
}

const noRuntime = [
  ...pulumiMember(
    "/^runtime$/",
    "pulumi.runtime is for tests and stacks/config-source.ts. Take what you need as an argument.",
  ),
  {
    selector: "ImportDeclaration[source.value=/^@pulumi\\u002Fpulumi\\u002Fruntime/]",
    message:
      "pulumi.runtime is for tests and stacks/config-source.ts. Take what you need as an argument.",
  },
];

const noConfiguration = [
  ...pulumiMember(
    "/^(Config|getStack|getProject|getOrganization)$/",
    "Components know no configuration and no stack. Take the value as an argument; stacks/config.ts " +
      "reads it.",
  ),
  {
    selector: "MemberExpression[object.name='process'][property.name='env']",
    message:
      "Components do not read the environment. Take the value as an argument; stacks/config.ts " +
      "decides where it comes from.",
  },
  {
    selector: "ImportDeclaration[source.value=/^(node:)?process$/]",
    message: "Components do not read the environment. Take the value as an argument.",
  },
];

const above = "(\\.\\./)*(stacks|local|test|bench|scripts)(/|$)";

const outsideComponents = {
  regex: `^\\.\\./${above}`,
  message:
    "Components stand below stacks, local and test and know nothing of them. Take what you need as " +
    "an argument.",
};

const otherComponent = {
  regex: `^\\.\\./(?!support/|${above})`,
  message:
    "A component imports only components/support and its own folder. Describe what you need of the " +
    "other one as an interface in the arguments; stacks/ passes the component.",
};

/** Some components are compositions: they run a task or service of their own, or show what monitoring watches. */
const otherThanComposed = {
  ...otherComponent,
  regex: `^\\.\\./(?!(support|ecs-service|monitoring)/|${above})`,
};

const otherComponentFromBelow = {
  ...otherComponent,
  regex: `^\\.\\./\\.\\./(?!support/|${above})`,
};

const supportOnly = {
  regex: `^\\.\\./(?!${above})`,
  message: "components/support serves every component and imports none of them.",
};

/** Rules judge plain data: what they import of the components is arithmetic. */
const outsidePolicies = {
  regex: `^@pulumi/|^(\\.\\./)+(stacks|local|test|bench|scripts)(/|$)|components(?!/support/)`,
  message:
    "Policies judge plain data and know no runtime, no component and no stack. Read what you need from the graph; " +
    "policies/pack is what knows the engine.",
};

const everywhere = [noResourceInCallback];

/** @type {import("eslint").Linter.Config[]} */
export const houseRules = [
  {
    name: "house/all",
    files: ["**/*.ts"],
    rules: { "no-restricted-syntax": ["error", ...everywhere, ...noRuntime] },
  },
  {
    name: "house/runtime",
    files: ["stacks/config-source.ts", "bench/**/*.ts", "local/**/*.ts"],
    rules: { "no-restricted-syntax": ["error", ...everywhere] },
  },
  {
    name: "house/tests",
    files: ["test/**/*.ts"],
    rules: { "no-restricted-syntax": ["error", ...everywhere, noFocusedTest] },
  },
  {
    name: "house/components",
    files: ["components/**/*.ts"],
    rules: {
      "no-restricted-syntax": ["error", ...everywhere, ...noRuntime, ...noConfiguration],
      "no-restricted-imports": ["error", { patterns: [outsideComponents] }],
    },
  },
  {
    name: "house/component-folder",
    files: ["components/*/*.ts"],
    rules: {
      "no-restricted-imports": ["error", { patterns: [outsideComponents, otherComponent] }],
    },
  },
  {
    name: "house/component-compositions",
    files: ["components/{ecs-task,grafana,log-search}/*.ts"],
    rules: {
      "no-restricted-imports": ["error", { patterns: [outsideComponents, otherThanComposed] }],
    },
  },
  {
    name: "house/component-subfolder",
    files: ["components/*/*/*.ts"],
    rules: {
      "no-restricted-imports": [
        "error",
        { patterns: [outsideComponents, otherComponentFromBelow] },
      ],
    },
  },
  {
    name: "house/policies",
    files: ["policies/**/*.ts"],
    ignores: ["policies/index.ts", "policies/pack/*.ts"],
    rules: { "no-restricted-imports": ["error", { patterns: [outsidePolicies] }] },
  },
  {
    name: "house/component-support",
    files: ["components/support/*.ts"],
    rules: { "no-restricted-imports": ["error", { patterns: [outsideComponents, supportOnly] }] },
  },
];
