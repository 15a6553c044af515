/** A server as the phone meets it, as small as the tests need: devices with their numbers, operations once each, registers,
 *  uploads in pieces, and a network that can be cut before or after the server has heard. */
import { createHash } from "node:crypto";
import type { AnswerOut, ContentOut, JobOut, JobsOut, OperationIn, SignInOut, SyncIn, SyncOut, UploadIn, UploadOut } from "../src/api";
import { type Value, registerOf, stands, valueOf } from "../src/rules/registers";

export const NOW = Date.parse("2026-11-21T08:00:00Z");

type Device = { engineer: string; last_seq: number; revoked: boolean };
type Row = { op: OperationIn; device: string; answer: AnswerOut };
type Upload = UploadIn & { bytes: number[]; state: UploadOut["state"] };

export class Server {
  devices = new Map<string, Device>();
  operations = new Map<string, Row>();
  uploads = new Map<string, Upload>();
  jobs = new Map<string, JobOut>();
  /** Whose job each visit is. */
  owner = new Map<string, string>();
  requests: string[] = [];
  now = NOW;
  /** "cut": nothing arrives; "deaf": it arrives and the answer is lost. */
  network: "up" | "cut" | "deaf" = "up";
  /** Pieces after which the network is cut. */
  pieces = Infinity;
  atOnce = 0;
  mostAtOnce = 0;
  batches: number[] = [];

  signIn(engineer: string): SignInOut {
    const id = `ed_${this.devices.size + 1}`;
    this.devices.set(id, { engineer, last_seq: 0, revoked: false });
    const me = { id: engineer, code: engineer, name: engineer, grade: "", certificates: [], photo_id: null, located: false };
    return { token: id, device_id: id, ends_at: "", me };
  }

  fetch = async (url: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
    const path = String(url).replace("/api/engineer", "");
    this.requests.push(`${init?.method} ${path}`);
    if (this.network === "cut") throw new TypeError("no network");
    this.mostAtOnce = Math.max(this.mostAtOnce, ++this.atOnce);
    await new Promise((done) => setTimeout(done, 0));
    this.atOnce -= 1;
    const answer = this.answer(path, init!);
    if ((this.network as string) === "deaf") throw new TypeError("answer lost");
    return answer;
  };

  private answer(path: string, init: RequestInit): Response {
    const headers = init.headers as Record<string, string>;
    const device = this.devices.get(headers.Authorization!.replace("Bearer ", ""));
    if (!device || device.revoked) return Response.json({ error: "revoked", message: "请重新登录" }, { status: 401 });
    if (path === "/jobs") return Response.json(this.snapshot(device));
    if (path.startsWith("/content/")) return Response.json(CONTENT);
    if (path === "/sync") return Response.json(this.sync(device, JSON.parse(init.body as string) as SyncIn));
    if (path === "/uploads") return Response.json(this.announced(JSON.parse(init.body as string) as UploadIn));
    if (path.startsWith("/uploads/")) return this.piece(path.slice(9), Number(headers["Upload-Offset"]), init.body as ArrayBuffer);
    return Response.json({});
  }

  private mine(device: Device): JobOut[] {
    return [...this.jobs.values()].filter((job) => this.owner.get(job.visit_id) === device.engineer);
  }

  private snapshot(device: Device): JobsOut {
    const uploads = [...this.uploads.values()].flatMap((one) => (one.state === "kept" ? [] : { id: one.id, visit_id: one.visit_id, state: one.state, words: "" }));
    return { version: "", now: new Date(this.now).toISOString(), content_version: "c1", last_seq: device.last_seq, jobs: this.mine(device), bills: {}, brands: [], uploads };
  }

  private sync(device: Device, given: SyncIn): SyncOut {
    if (given.operations.length > 100) throw new Error("too many");
    this.batches.push(given.operations.length);
    const id = [...this.devices].find(([, one]) => one === device)![0];
    for (const op of [...given.operations].sort((a, b) => a.seq - b.seq)) this.take(id, device, op);
    const held = () => [...this.operations.values()].find((row) => row.device === id && row.answer.outcome === "held" && row.op.seq === device.last_seq + 1);
    for (let row = held(); row; row = held()) this.apply(device, row);
    const answers = given.operations.map((op) => this.operations.get(op.id)!.answer);
    const named = [...new Set(given.operations.flatMap((op) => op.visit_id ?? []))];
    const jobs = this.mine(device).filter((job) => named.includes(job.visit_id));
    const gone = named.filter((visit) => !jobs.some((job) => job.visit_id === visit));
    return { now: new Date(this.now).toISOString(), answers, last_seq: device.last_seq, jobs, gone };
  }

  private take(id: string, device: Device, op: OperationIn): void {
    const known = this.operations.get(op.id);
    if (known) {
      if (known.device !== id && op.seq === device.last_seq + 1) device.last_seq = op.seq;
      return;
    }
    const row: Row = { op, device: id, answer: answered(op.id, "held") };
    this.operations.set(op.id, row);
    if (op.seq === device.last_seq + 1) this.apply(device, row);
  }

  private apply(device: Device, row: Row): void {
    device.last_seq = row.op.seq;
    const job = this.jobs.get(row.op.visit_id ?? "");
    if (!job) row.answer = answered(row.op.id, "refused", "没有这种操作");
    else if (this.owner.get(job.visit_id) !== device.engineer) row.answer = answered(row.op.id, "kept", "任务已改派给别人，您的记录已留给调度");
    else row.answer = this.write(job, row.op, row.device);
  }

  private write(job: JobOut, op: OperationIn, device: string): AnswerOut {
    const key = registerOf(op.kind, op.body);
    const sheet = (job.sheet ??= { version: 0, hash: "", outcome: "", verify_code: "", registers: [], signatures: [] });
    const there = sheet.registers.find((one) => one.key === key);
    const now = { value: valueOf(op.kind, op.body), at: op.at, operation_id: op.id };
    const stood = stands(key, there, now);
    sheet.version += 1;
    const clash = there !== undefined && there.version > op.base_version && !there.operation_id.startsWith(device) && !this.isOf(there.operation_id, device);
    const theirs = there?.value ?? null;
    if (stood) sheet.registers = [...sheet.registers.filter((one) => one.key !== key), { ...now, key, version: sheet.version, mine: true }];
    if (!clash) return { ...answered(op.id, "applied"), version: sheet.version };
    return { ...answered(op.id, "conflict", "另一台手机也改过这一项，请核对"), mine: now.value, theirs, stood };
  }

  private isOf(operation: string, device: string): boolean {
    return this.operations.get(operation)?.device === device;
  }

  /** Another phone wrote this. */
  written(visit: string, key: string, value: Value, at: string): void {
    const sheet = (this.jobs.get(visit)!.sheet ??= { version: 0, hash: "", outcome: "", verify_code: "", registers: [], signatures: [] });
    sheet.version += 1;
    sheet.registers.push({ key, value, at, operation_id: `other_${sheet.version}`, version: sheet.version, mine: false });
  }

  private announced(given: UploadIn): UploadOut {
    const known = this.uploads.get(given.id) ?? { ...given, bytes: [], state: "receiving" as const };
    this.uploads.set(given.id, known);
    return told(known);
  }

  private piece(id: string, offset: number, body: ArrayBuffer): Response {
    const upload = this.uploads.get(id)!;
    if (this.pieces-- <= 0) throw new TypeError("no network");
    if (offset !== upload.bytes.length) return Response.json({ error: "wrong_offset", message: "" }, { status: 409 });
    if (body.byteLength > 256 * 1024) return Response.json({ error: "bad_upload", message: "这一片的大小不对" }, { status: 422 });
    for (const byte of new Uint8Array(body)) upload.bytes.push(byte);
    if (upload.bytes.length === upload.size) {
      const hash = createHash("sha256").update(Uint8Array.from(upload.bytes)).digest("hex");
      upload.state = hash === upload.sha256 ? "kept" : "refused";
    }
    return Response.json(told(upload));
  }
}

function told(one: Upload): UploadOut {
  return { id: one.id, visit_id: one.visit_id, kind: one.kind, size: one.size, offset: one.bytes.length, state: one.state, words: "", picture_id: null };
}

function answered(id: string, outcome: AnswerOut["outcome"], words = ""): AnswerOut {
  return { id, outcome, code: outcome === "applied" ? "" : outcome, words, version: null, missing: [], mine: null, theirs: null, stood: null };
}

export const CONTENT = {
  version: "c1",
  prompts: { general: [{ code: "identify", words: "", services: [], source: "", since: "2026-01-01", until: null }] },
  checks: {
    air_conditioner: [
      { code: "voltage", title: "电压", how: "", kind: "number", services: [], unit: "V", least: "198", most: "242", options: [], failing: "blocks", photo: false, put_right: "", source: "", since: "2026-01-01", until: null },
    ],
  },
  trees: {}, outcomes: [], needs: [], refuse_reasons: [], change_reasons: [], symptoms: {}, categories: {}, materials: [], photo_purposes: [],
} as unknown as ContentOut;

export function job(visit: string, more: Partial<JobOut> = {}): JobOut {
  return {
    visit_id: visit, order_id: "o", number: "1", section: "today", seq: 1, status: "accepted", status_title: "已接单", order_status: "scheduled",
    order_status_title: "已预约", on_hold: "", agreed_fen: null, prices: null, quotes: [], owed: [], lead: true, offer: null, window: null, route: null, service_type: "repair", service_title: "维修",
    category_code: "air_conditioner", category_title: "空调", brand_id: "b", brand_name: "云帆", customer: {} as JobOut["customer"], model_id: null,
    product: null, signed_product: "KFR", signed_order: "WX1", warranty: [], history: [], visits: [], words: "", symptoms: [], error_code: null,
    wanted_time: null, pictures: [], tried: [], moves: [{ name: "depart", title: "出发", reason: false }], content_day: "2026-11-21",
    prompts: ["identify"], checks: ["voltage"], diagnosis_step: null, sheet: null, conflicts: [], ...more,
  };
}
