type Place = {
  readonly type: string;
  readonly name: string;
  readonly type_specific_fields?: { readonly parent?: Place };
};

/** As Slither reports it. */
export type Finding = {
  readonly check: string;
  readonly impact: string;
  readonly description: string;
  readonly elements: readonly Place[];
};

/** Why findings of one check in one place stay, and how many there may be. */
export type Reason = { readonly check: string; readonly place: string; readonly atMost: number };

/** What to print, and whether every finding has a reason. A reason without a finding is told, and does no harm. */
export function judgeFindings(
  findings: readonly Finding[],
  reasons: readonly Reason[],
): { report: string; isGood: boolean } {
  const places = [...Map.groupBy(findings, ({ check, elements }) => `${check} in ${placeOf(elements)}`)].map(
    ([key, alike]) => {
      const reason = reasons.find((candidate) => explains(candidate, alike[0] as Finding));
      return { key, alike, reason, isExplained: alike.length <= (reason?.atMost ?? 0) };
    },
  );
  const open = places.filter(({ isExplained }) => !isExplained);
  const unused = reasons.filter((reason) => !places.some((place) => place.reason === reason));
  const lines = [
    ...open.map(({ key, alike, reason }) =>
      [`${key}: ${alike.length} found, ${reason?.atMost ?? 0} with a reason`, ...alike.map(describe)].join(
        "\n",
      ),
    ),
    ...unused.map(({ check, place }) => `A reason is given for ${check} in ${place}, where none is found.`),
    `${findings.length} findings of high or medium impact in ${places.length} places, ${open.length} of them without a reason`,
  ];
  return { report: lines.join("\n"), isGood: open.length === 0 };
}

/**
 * Rows of the table under "What Slither says": | `check` | `Contract.function`, `Other.function` ×2 | reason |. A place that
 * ends with `*` stands for every place that begins like it, with any number of findings.
 */
export function reasonsIn(page: string): Reason[] {
  const [, section = ""] = page.split("## What Slither says");
  return [...section.matchAll(/^\| `([a-z0-9-]+)` \| (.+?) \| \S.* \|$/gm)].flatMap(
    ([, check = "", places = ""]) =>
      [...places.matchAll(/`([\w.]+\*?)`(?: ×(\d+))?/g)].map(([, place = "", times = "1"]) => ({
        check,
        place,
        atMost: place.endsWith("*") ? Number.POSITIVE_INFINITY : Number.parseInt(times, 10),
      })),
  );
}

function explains({ check, place }: Reason, finding: Finding): boolean {
  const found = placeOf(finding.elements);
  const isPlace = place.endsWith("*") ? found.startsWith(place.slice(0, -1)) : found === place;
  return check === finding.check && isPlace;
}

/** Contract, function and variable of the first element, as a person would write them; lines move too often. */
function placeOf([first]: readonly Place[]): string {
  const names: string[] = [];
  for (let element: Place | undefined = first; element !== undefined; ) {
    if (element.type !== "node") names.unshift(element.name);
    element = element.type === "contract" ? undefined : element.type_specific_fields?.parent;
  }
  return names.filter((name) => !name.endsWith(".sol")).join(".");
}

function describe({ impact, description }: Finding): string {
  return `  ${impact}: ${description.trim()}`;
}
