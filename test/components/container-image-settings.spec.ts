import * as path from "node:path";
import { containerImageSettings } from "../../components/image/settings";
import { itBounds, itRefuses, itTakes } from "./support";

const context = path.join(__dirname, "image.fixture");
const happy = { context };

const NO_STAGE = {
  rule: "is not a stage of the Dockerfile",
  allowed: "a name that stands behind FROM … AS",
  fix: "correct it, or remove it to build the last stage",
};
const NO_NAME_OF_STAGE = {
  rule: "is not a name of a stage",
  allowed: "letters, digits and _ . -, starting with a letter",
  fix: "name it as the Dockerfile does behind AS",
};
const NO_FILE = {
  rule: "is not a file in the context",
  allowed: "the path of a Dockerfile, as seen from the context",
  fix: "create it, or correct the path",
};
const NO_FOLDER = {
  rule: "is not a folder",
  allowed: "a folder, as seen from the folder of Pulumi.yaml",
  fix: "create it, or correct the path",
};
const NO_ARGUMENT = {
  rule: "is not a name for a build argument",
  allowed: "letters, digits and underscores, not starting with a digit",
  fix: "rename it",
};
const SECRET_ARGUMENT = {
  rule: "looks like a secret, and build arguments stay readable in the image",
  allowed: "names without PASSWORD, SECRET, TOKEN, API_KEY, PRIVATE_KEY, CREDENTIALS",
  fix: "give it to the running container under secrets",
};
const NO_KEY = {
  rule: "must be the ARN of a KMS key",
  allowed: "arn:aws:kms:REGION:ACCOUNT:key/ID",
  fix: "look it up by `aws kms describe-key --key-id alias/NAME`",
};
const KEY = "arn:aws:kms:us-east-1:123456789012:key/1";

describe("the settings of an image", () => {
  itBounds(containerImageSettings, happy, { keepImages: [2, 1000], untaggedDays: [1, 365] });

  itTakes(containerImageSettings, happy, {
    "a context as seen from the project": { context: "test/components/image.fixture" },
    "another Dockerfile": { dockerfile: "Other.dockerfile" },
    "a stage": { target: "build" },
    "a stage in other letters": { target: "server" },
    "build arguments": { args: { VERSION: "1", _x: "" } },
    "a key": { kmsKeyArn: KEY },
  });

  itRefuses(containerImageSettings, happy, {
    "a context that is not there": {
      change: { context: "nowhere", target: "any" },
      problem: { key: "context", value: "nowhere", ...NO_FOLDER },
    },
    "a file as context": {
      change: { context: path.join(context, "Dockerfile") },
      problem: { key: "context", value: path.join(context, "Dockerfile"), ...NO_FOLDER },
    },
    "a Dockerfile that is not there": {
      change: { dockerfile: "docker/Dockerfile", target: "any" },
      problem: { key: "dockerfile", value: "docker/Dockerfile", ...NO_FILE },
    },
    "a folder as Dockerfile": {
      change: { dockerfile: "." },
      problem: { key: "dockerfile", value: ".", ...NO_FILE },
    },
    "a stage that the Dockerfile lacks": {
      change: { target: "test" },
      problem: { key: "target", value: "test", ...NO_STAGE },
    },
    "a stage of another Dockerfile": {
      change: { dockerfile: "Other.dockerfile", target: "build" },
      problem: { key: "target", value: "build", ...NO_STAGE },
    },
    "a stage by number": {
      change: { target: "0" },
      problem: { key: "target", value: "0", ...NO_NAME_OF_STAGE },
    },
    "an argument with a hyphen": {
      change: { args: { "A-B": "1" } },
      problem: { key: "args.A-B", value: "A-B", ...NO_ARGUMENT },
    },
    "an argument that looks like a secret": {
      change: { args: { NPM_TOKEN: "1" } },
      problem: { key: "args.NPM_TOKEN", value: "NPM_TOKEN", ...SECRET_ARGUMENT },
    },
    "an alias in place of a key": {
      change: { kmsKeyArn: "alias/images" },
      problem: { key: "kmsKeyArn", value: "alias/images", ...NO_KEY },
    },
  });
});
