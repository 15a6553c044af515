/** Which screen stands at which address. A further screen of a job is a row of `SCREENS`. */
import type { ComponentChildren } from "preact";
import { useEffect, useReducer } from "preact/hooks";
import { Banner } from "./banner";
import { Change } from "./job/change";
import { Checks } from "./job/checks";
import { Correct, isCorrectable } from "./job/correct";
import { Diagnosis } from "./job/diagnosis";
import { End, isOutcome } from "./job/end";
import { AddFee, Fees } from "./job/fees";
import { Help, isHelper } from "./job/help";
import { Materials } from "./job/materials";
import { ModelPage } from "./job/model";
import { Notes } from "./job/notes";
import { Actions, JobPage } from "./job/page";
import { PartPage, Parts } from "./job/parts";
import { Photos } from "./job/photos";
import { lookWhere } from "./job/place";
import { QuotePage } from "./job/quote";
import { Safety } from "./job/safety";
import { Serial } from "./job/serial";
import { Shop } from "./job/shop";
import { Sign } from "./job/sign";
import { ended } from "./job/steps";
import { Till } from "./job/till";
import { Way } from "./job/way";
import { type Route, useRoute } from "./route";
import { Coming, Today } from "./screens/lists";
import { Devices, Me, Unsent } from "./screens/me";
import { News } from "./screens/news";
import { SignIn } from "./screens/signin";
import type { Job } from "./store_types";
import { Toast } from "./toast";
import { Empty, Notice, Page } from "./ui";
import { store, useStore } from "./use";

type Screen = (job: Job, arg: string) => ComponentChildren;

const SCREENS: Record<string, Screen> = {
  way: (job) => <Way job={job} />,
  safety: (job) => <Safety job={job} />,
  checks: (job) => <Checks job={job} />,
  serial: (job) => <Serial job={job} />,
  model: (job) => <ModelPage job={job} />,
  diagnosis: (job) => <Diagnosis job={job} />,
  notes: (job) => <Notes job={job} />,
  parts: (job, line) => (line ? <PartPage job={job} line={line} /> : <Parts job={job} />),
  materials: (job) => <Materials job={job} />,
  fees: (job, line) => (line ? <AddFee job={job} /> : <Fees job={job} />),
  quote: (job) => <QuotePage job={job} />,
  till: (job) => <Till job={job} />,
  shop: (job) => <Shop job={job} />,
  photos: (job) => <Photos job={job} />,
  sign: (job, purpose) => <Sign job={job} purpose={purpose === "receipt" ? "receipt" : "sheet"} />,
  end: (job, outcome) => (isOutcome(outcome) ? <End job={job} outcome={outcome} /> : null),
  help: (job, helper) => (isHelper(helper) ? <Help job={job} helper={helper} /> : null),
  correct: (job, field) => (isCorrectable(field) ? <Correct job={job} field={field} /> : null),
  change: (job) => <Change job={job} />,
};

/** What can be done when the visit is over. */
const AFTERWARDS = ["till", "shop"];

export function App() {
  const route = useRoute();
  const shown = useStore();
  const [, again] = useReducer((count: number, _: null) => count + 1, 0);
  useEffect(() => void lookWhere(() => again(null)), [route.join("/")]);
  const signedIn = shown.token() !== "" && !shown.status().signedOut;
  const tabs = signedIn && (route.length === 0 || ["coming", "me"].includes(route.join("/")));
  document.body.classList.toggle("tabs", tabs);
  return (
    <>
      {signedIn && <Banner />}
      {signedIn ? screen(route) : <SignIn />}
      {tabs && <TabBar at={route[0] ?? ""} />}
      <Toast />
    </>
  );
}

function screen(route: Route): ComponentChildren {
  const [where = "", id = "", code = "", arg = ""] = route;
  switch (where) {
    case "job":
      return jobScreen(id, code, arg);
    case "coming":
      return <Coming />;
    case "me":
      return id === "devices" ? <Devices /> : <Me />;
    case "unsent":
      return <Unsent />;
    case "news":
      return <News />;
    default:
      return <Today />;
  }
}

function jobScreen(id: string, code: string, arg: string): ComponentChildren {
  const job = store.job(id);
  if (!job) {
    return (
      <Page title="任务" back="#/">
        <Empty>这个任务不在您的名下了，或者还没有取到</Empty>
      </Page>
    );
  }
  const made = SCREENS[code]?.(job, arg);
  if (!made) return <JobPage key={id} job={job} tab={code} />;
  if (job.gone || job.offer || (ended(job) && !AFTERWARDS.includes(code))) {
    return (
      <Page title={`${job.category_title}${job.service_title}`} back={`#/job/${id}`} action={<Actions job={job} />}>
        <Notice tone={job.gone ? "bad" : undefined}>{job.gone || (job.offer ? "先答复接不接这个任务" : "这次上门已经结束，不能再改")}</Notice>
      </Page>
    );
  }
  return made;
}

const ICONS: [code: string, title: string, path: string][] = [
  ["", "今天", "M4 6h16v14H4zM4 10h16M8 3v4M16 3v4M8 15l3 2 5-4"],
  ["coming", "以后", "M4 6h16v14H4zM4 10h16M8 3v4M16 3v4M8 14h3M13 14h3M8 17h3"],
  ["me", "我的", "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4 21c0-4 4-6 8-6s8 2 8 6"],
];

function TabBar({ at }: { at: string }) {
  const offers = store.jobs().filter((job) => job.section === "offer" && !job.gone).length;
  return (
    <nav class="tabbar">
      {ICONS.map(([code, title, path]) => (
        <a key={code} href={`#/${code}`} aria-current={code === at ? "page" : undefined}>
          <svg viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.7" aria-hidden="true">
            <path d={path} />
          </svg>
          {title}
          {code === "" && offers > 0 && <i aria-label={`${offers} 个新任务`}>{offers}</i>}
        </a>
      ))}
    </nav>
  );
}
