import js from "@eslint/js";
import { defineConfig } from "eslint/config";
import tseslint from "typescript-eslint";

import { houseRules } from "./scripts/house-rules.mjs";

const nodeGlobals = Object.fromEntries(
  ["AbortController", "Buffer", "URL", "clearTimeout", "console", "process", "setTimeout"].map(
    (name) => [name, "readonly"],
  ),
);

export default defineConfig(
  // Pages of the sample images run in a browser, and are somebody else's application.
  { ignores: ["**/node_modules/", "**/.local/", "examples/*/images/"] },
  js.configs.recommended,
  tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      eqeqeq: "error",
      "no-new": "off",
      // An Output in a string or a comparison is a mistake the compiler lets pass.
      "@typescript-eslint/no-base-to-string": "error",
      "@typescript-eslint/restrict-plus-operands": "error",
      "@typescript-eslint/restrict-template-expressions": [
        "error",
        {
          allowAny: false,
          allowBoolean: true,
          allowNullish: false,
          allowNumber: true,
          allowRegExp: false,
        },
      ],
      "@typescript-eslint/no-floating-promises": "error",
      // `||` also replaces 0, "" and false, which are values somebody chose.
      "@typescript-eslint/prefer-nullish-coalescing": "error",
      "@typescript-eslint/switch-exhaustiveness-check": [
        "error",
        { considerDefaultExhaustiveForUnions: true },
      ],
      // `import("x")` as a type is how CommonJS names what an ES module exports.
      "@typescript-eslint/consistent-type-imports": [
        "error",
        { fixStyle: "inline-type-imports", disallowTypeAnnotations: false },
      ],
      // `import x = require()` is how TypeScript names a module that has no types of its own.
      "@typescript-eslint/no-require-imports": ["error", { allowAsImport: true }],
      // A component's arguments have a name of their own, also while they add nothing.
      "@typescript-eslint/no-empty-object-type": [
        "error",
        { allowInterfaces: "with-single-extends" },
      ],
      "@typescript-eslint/no-unused-vars": [
        "error",
        { argsIgnorePattern: "^_", varsIgnorePattern: "^_" },
      ],
    },
  },
  ...houseRules,
  {
    files: ["**/*.{js,mjs,cjs}", "**/*.d.mts"],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: { globals: nodeGlobals },
  },
);
