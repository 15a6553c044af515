/** Where a diagnosis begins and whether a path through its tree is one: twin of domain/knowledge/diagnosis/trees.py.
 *  Both run tests/vectors/diagnosis.json. */
import type { CauseOut, StepOut, TreeOut } from "../api";

export interface Entered {
  node: string;
  finding: string;
}

type Paths = Pick<TreeOut, "start"> & { steps: Record<string, Pick<StepOut, "findings">> };

/** What comes after these findings: another step, or the cause; null when they do not follow each other. */
export function follow(tree: Paths, path: readonly Entered[], begin = tree.start): { step: string } | { cause: string } | null {
  let step: string = path[0]?.node ?? begin;
  for (const [number, entered] of path.entries()) {
    const found = tree.steps[entered.node]?.findings.find((one) => one.code === entered.finding);
    if (!found || entered.node !== step) return null;
    if (found.cause) return number === path.length - 1 ? { cause: found.cause } : null;
    step = found.step!;
  }
  return tree.steps[step] ? { step } : null;
}

/** Whether these (step, finding) follow each other in the tree and end at the cause. */
export function isPath(tree: Paths, path: readonly Entered[], cause: string): boolean {
  const end = path.length ? follow(tree, path) : null;
  return end !== null && "cause" in end && end.cause === cause;
}

/** The cause of a code, when the tree has it. */
export function causeOf(tree: TreeOut, code: string): CauseOut | null {
  return tree.causes[code] ?? null;
}
