/** The engineer's photo, as customers see it: changed here, cut to a square on the phone. */
import { useEffect, useState } from "preact/hooks";
import type { MeOut } from "../api";
import * as calls from "../calls";
import { done } from "../use";

const SIDE = 560;
/** Where a face is in a photo of somebody, from the top: as the server cuts. */
const FACE_AT = 0.35;

export function Face(props: { me: MeOut; onChanged: (me: MeOut) => void }) {
  const { me } = props;
  const [shown, setShown] = useState("");
  const [busy, setBusy] = useState(false);
  useEffect(() => {
    setShown("");
    if (me.photo_id) calls.myPhoto().then(setShown, () => undefined); // without network there is the letter
  }, [me.photo_id]);
  const change = async (what: () => Promise<MeOut>, words: string) => {
    setBusy(true);
    await done(what().then(props.onChanged), words);
    setBusy(false);
  };
  const chosen = (input: HTMLInputElement) => {
    const file = input.files?.[0];
    input.value = "";
    if (file) void change(async () => calls.putMyPhoto(await square(file)), "照片已换");
  };
  return (
    <div class="box face-row">
      {shown ? <img class="face" src={shown} alt="我的照片" /> : <span class="face" aria-hidden="true">{me.name.slice(0, 1)}</span>}
      <div class="face-words">
        <label class="button small plain">
          {busy ? "正在上传…" : me.photo_id ? "换照片" : "上传照片"}
          <input class="file" type="file" accept="image/*" disabled={busy} aria-label="选一张照片" onChange={(event) => chosen(event.currentTarget)} />
        </label>
        {me.photo_id && <button type="button" class="button small plain" disabled={busy} onClick={() => void change(calls.removeMyPhoto, "照片已删除")}>删除</button>}
        <p class="soft">您要上门的客户看得到，用来认人。正面免冠最好。</p>
      </div>
    </div>
  );
}

/** Throws words when it is no picture. */
async function square(file: File): Promise<Blob> {
  const image = await createImageBitmap(file).catch(() => {
    throw new Error("这个文件不是照片");
  });
  const side = Math.min(image.width, image.height);
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = Math.min(side, SIDE);
  const [left, top] = [(image.width - side) / 2, (image.height - side) * FACE_AT];
  canvas.getContext("2d")?.drawImage(image, left, top, side, side, 0, 0, canvas.width, canvas.height);
  image.close();
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("照片没有保存成功，请再试一次"))), "image/jpeg", 0.85);
  });
}
