import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UsageError } from "../../local/errors";
import { parseOptions } from "../../local/options";

describe("the options of npm run local", () => {
  let root = "";
  const parse = (commandLine: string, environment: NodeJS.ProcessEnv = {}) =>
    parseOptions(commandLine.split(" ").filter(Boolean), root, { INIT_CWD: root, ...environment });
  const refuses = (commandLine: string, message: RegExp, environment?: NodeJS.ProcessEnv) =>
    assert.throws(
      () => parse(commandLine, environment),
      (error) => error instanceof UsageError && message.test(error.message),
    );

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "runner-options-"));
    for (const stack of ["dev", "prod"]) writeFileSync(join(root, `Pulumi.${stack}.yaml`), "");
  });
  afterEach(() => rmSync(root, { recursive: true }));

  it("deploy dev when there are none", () => {
    assert.deepEqual(parse(""), {
      action: "deploy",
      project: root,
      stack: "dev",
      stackFile: join(root, "Pulumi.dev.yaml"),
      folder: join(root, ".local", "dev"),
    });
  });

  it("ask for policies where something is deployed", () => {
    const policyPack = join(root, "policies");
    assert.equal(parse("--policies")?.policyPack, policyPack);
    assert.equal(parse("--preview --policies")?.policyPack, policyPack);
    refuses("--drift --policies", /cannot be used with/);
  });

  it("name another stack, and what to do with it", () => {
    for (const action of ["preview", "drift", "destroy"]) {
      const options = parse(`--stack prod --${action}`);
      assert.equal(options?.action, action);
      assert.equal(options.stackFile, join(root, "Pulumi.prod.yaml"));
      assert.equal(options.folder, join(root, ".local", "prod"));
    }
  });

  it("name files from where the user is", () => {
    writeFileSync(join(root, "try.yaml"), "");
    const options = parse("--config-file try.yaml --state-folder elsewhere");
    assert.equal(options?.stackFile, join(root, "try.yaml"));
    assert.equal(options.folder, join(root, "elsewhere", "dev"));
  });

  it("refuse a stack that does not exist, and tell those that do", () => {
    refuses(
      "--stack staging",
      /no file Pulumi\.staging\.yaml\. There is: dev, prod\.\n.*\n.*--stack dev/,
    );
    refuses("--stack ../dev", /There is no stack/);
  });

  describe("for examples", () => {
    const addExample = (name: string, ...others: string[]) => {
      mkdirSync(join(root, "examples", name), { recursive: true });
      for (const file of [`Pulumi.${name}.yaml`, ...others])
        writeFileSync(join(root, "examples", name, file), "");
    };

    beforeEach(() => {
      addExample("shop");
      addExample("in-code", "Pulumi.yaml");
      mkdirSync(join(root, "examples", "empty"));
    });

    it("name a stack file of this project", () => {
      assert.deepEqual(parse("--example shop --drift"), {
        action: "drift",
        project: root,
        stack: "shop",
        stackFile: join(root, "examples", "shop", "Pulumi.shop.yaml"),
        folder: join(root, ".local", "shop"),
      });
    });

    it("name a project that has a program of its own", () => {
      const folder = join(root, "examples", "in-code");
      const options = parse("--example in-code");
      assert.equal(options?.project, folder);
      assert.equal(options.stackFile, join(folder, "Pulumi.in-code.yaml"));
    });

    it("take another configuration", () => {
      writeFileSync(join(root, "try.yaml"), "");
      const options = parse("--example shop --config-file try.yaml");
      assert.equal(options?.stackFile, join(root, "try.yaml"));
      assert.equal(options.stack, "shop");
    });

    it("refuse one that does not exist, and tell those that do", () => {
      refuses(
        "--example shops",
        /^There is no example "shops": no file examples\/shops\/Pulumi\.shops\.yaml\. There is: in-code, shop\.$/,
      );
      refuses("--example empty", /There is no example "empty"/);
      refuses("--example ../examples/shop", /There is no example/);
    });

    it("refuse a stack beside", () => {
      refuses("--example shop --stack dev", /'--example <name>' cannot be used with .*--stack/);
    });

    it("refuse to deploy another stack when npm kept the option for itself", () => {
      refuses("", /npm run local -- --example/, { npm_config_example: "shop" });
    });

    it("are listed by --help", () => {
      const printed: string[] = [];
      const write = process.stdout.write.bind(process.stdout);
      process.stdout.write = (text) => printed.push(String(text)) > 0;
      try {
        assert.equal(parse("--help"), undefined);
      } finally {
        process.stdout.write = write;
      }
      assert.match(printed.join(""), /examples\/NAME\/README\.md:\n {2}in-code\n {2}shop\n/);
    });
  });

  it("refuse a configuration file that does not exist", () => {
    refuses("--config-file nowhere.yaml", /There is no file .*nowhere\.yaml/);
  });

  it("refuse what they do not know, and tell what there is", () => {
    refuses(
      "--previeww",
      /unknown option '--previeww'\n\(Did you mean --preview\?\)\n\nThere is:\n {2}--stack/,
    );
    refuses("prod", /too many arguments/);
  });

  it("refuse two things to do", () => {
    refuses("--preview --destroy", /'--preview' cannot be used with option '--destroy'/);
    refuses("--drift --destroy", /cannot be used with/);
  });

  it("refuse to deploy when npm kept an option for itself", () => {
    refuses("", /npm run local -- --destroy/, { npm_config_destroy: "true" });
    refuses("prod", /npm run local -- --stack/, { npm_config_stack: "true" });
  });
});
