/** Taking pictures and showing them: made smaller on the phone, kept there first, then sent by the store. */
import { useEffect, useState } from "preact/hooks";
import type { OperationBodies } from "./api";
import { pictureAt } from "./calls";
import type { Job } from "./store_types";
import { done, linesOf, store } from "./use";

const LONGEST_SIDE = 2048;
const SMALL_ENOUGH = 900_000;
const LARGEST = 30 << 20;

export type Purpose = OperationBodies["photo.add"]["purpose"];
interface PhotoLine {
  upload_id: string;
  purpose: Purpose;
  of?: string;
}

export function photosOf(job: Job, purpose: Purpose, of?: string): PhotoLine[] {
  const all = linesOf<PhotoLine>(job, "photo").map(([, line]) => line);
  return all.filter((photo) => photo.purpose === purpose && (of === undefined || photo.of === of));
}

/** Keeps the picture and writes it on the sheet; the upload's id. Throws words when it is no picture. */
export async function addPhoto(job: Job, file: File, purpose: Purpose, of?: string): Promise<string> {
  if (file.size > LARGEST) throw new Error("照片太大，最多 30 MB");
  const upload_id = await store.upload(await smaller(file), job.visit_id, "photo");
  await store.act("photo.add", job.visit_id, of ? { upload_id, purpose, of } : { upload_id, purpose });
  return upload_id;
}

/** At most 2048 pixels a side, as JPEG: a twentieth of what a phone's camera makes, and sharp enough for a nameplate. */
async function smaller(file: File): Promise<Blob> {
  let image: ImageBitmap;
  try {
    image = await createImageBitmap(file);
  } catch {
    throw new Error("这个文件不是照片");
  }
  const by = Math.min(1, LONGEST_SIDE / Math.max(image.width, image.height));
  if (by === 1 && file.size < SMALL_ENOUGH) return file;
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [Math.round(image.width * by), Math.round(image.height * by)];
  canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
  image.close();
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("照片没有保存成功，请再拍一次"))), "image/jpeg", 0.85);
  });
}

/** Opens the camera; several pictures may be chosen from the album. */
export function Camera(props: { job: Job; purpose: Purpose; of?: string; words: string; onAdded?: (id: string) => void }) {
  const [busy, setBusy] = useState(false);
  const chosen = async (input: HTMLInputElement) => {
    const files = [...(input.files ?? [])];
    input.value = "";
    setBusy(true);
    for (const file of files) {
      await done(addPhoto(props.job, file, props.purpose, props.of).then((id) => props.onAdded?.(id)));
    }
    setBusy(false);
  };
  return (
    <label class="add">
      <svg viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.6" aria-hidden="true">
        <path d="M3 8h4l2-3h6l2 3h4v12H3z" />
        <circle cx="12" cy="13.5" r="3.8" />
      </svg>
      {busy ? "正在保存…" : props.words}
      <input
        class="file"
        type="file"
        accept="image/*"
        capture="environment"
        aria-label={props.words}
        disabled={busy}
        onChange={(event) => void chosen(event.currentTarget)}
      />
    </label>
  );
}

const fetchedBefore = new Map<string, Promise<string>>();

function onceFetched(id: string, size: "large" | "small"): Promise<string> {
  const key = `${size}/${id}`;
  const known = fetchedBefore.get(key) ?? pictureAt(id, size);
  fetchedBefore.set(key, known);
  known.catch(() => fetchedBefore.delete(key));
  return known;
}

/** A picture by the id of its upload, from this phone or the server; a touch shows it large. */
export function Picture(props: { job: Job; upload?: string; id?: string; words: string; caption?: string }) {
  const [small, setSmall] = useState("");
  const [large, setLarge] = useState("");
  const [failed, setFailed] = useState(false);
  const known = props.job.pictures.find((one) => props.upload && one.upload_id === props.upload);
  const id = props.id ?? known?.id;
  const fetched = async (size: "large" | "small") => {
    const kept = props.upload ? await store.picture(props.upload) : null;
    return kept ?? (id ? onceFetched(id, size) : "");
  };
  useEffect(() => {
    fetched("small").then((url) => (url ? setSmall(url) : setFailed(true)), () => setFailed(true));
  }, [props.upload, id]);
  return (
    <>
      <button type="button" class="picture" onClick={() => void fetched("large").then(setLarge, () => setFailed(true))}>
        {small && <img src={small} alt={props.words} />}
        {failed && !small ? <span>{store.status().online ? "正在处理" : "有网时可看"}</span> : props.caption && <span>{props.caption}</span>}
      </button>
      {large && (
        <button type="button" class="viewer" aria-label="关闭照片" onClick={() => setLarge("")}>
          <img src={large} alt={props.words} />
        </button>
      )}
    </>
  );
}

/** The pictures of a purpose, and the camera for another. */
export function Pictures(props: { job: Job; purpose: Purpose; of?: string; words: string; shut?: boolean }) {
  return (
    <div class="pictures">
      {photosOf(props.job, props.purpose, props.of).map((photo) => (
        <Picture key={photo.upload_id} job={props.job} upload={photo.upload_id} words={`照片：${props.words}`} />
      ))}
      {!props.shut && <Camera job={props.job} purpose={props.purpose} of={props.of} words={props.words} />}
    </div>
  );
}
