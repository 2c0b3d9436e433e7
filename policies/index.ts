import { PolicyPack } from "@pulumi/policy";
import { policiesOf } from "./pack/policies";
import { controls } from "./catalogue";

/** What `pulumi preview --policy-pack policies` and `pulumi up --policy-pack policies` run. */
new PolicyPack("ecs-platform", { policies: policiesOf(controls) });
