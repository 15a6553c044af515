/** Reading a serial: inside WeChat with its scanner, else with the camera and a code reader that is loaded when wanted, from a picture, or typed. */
import { useEffect, useRef, useState } from "preact/hooks";
import { say } from "./toast";
import { Button, Field } from "./ui";
import { mayScan, scanByWeChat } from "./wechat";

const EVERY_MS = 250;
const SERIAL = /^[A-Z0-9][A-Z0-9-]{3,39}$/;

/** As it is written down: capitals, no blanks. */
export const tidy = (text: string) => text.toUpperCase().replace(/\s+/g, "");

/** What is wrong with a serial; "" when nothing is. */
export function wrongSerial(text: string): string {
  if (!text) return "";
  return SERIAL.test(tidy(text)) ? "" : "编号只有字母和数字，4 到 40 位，请对照铭牌";
}

/** Loads the reader from our own files: not part of the shell. */
async function reader() {
  const [{ prepareZXingModule, readBarcodes }, { default: wasm }] = await Promise.all([
    import("zxing-wasm/reader"),
    import("zxing-wasm/reader/zxing_reader.wasm?url"),
  ]);
  await prepareZXingModule({ overrides: { locateFile: () => wasm }, fireImmediately: true });
  return async (image: Blob | ImageData): Promise<string> => {
    const found = await readBarcodes(image, { tryHarder: true, maxNumberOfSymbols: 1 });
    return tidy(found[0]?.text ?? "");
  };
}

/** A field for a serial with a button that scans it. */
export function SerialField(props: { label: string; value: string; onInput: (text: string) => void; hint?: string }) {
  const [open, setOpen] = useState(false);
  const scan = async () => {
    if (!mayScan()) return setOpen(true);
    say("正在打开微信扫一扫…");
    try {
      const text = tidy(await scanByWeChat());
      if (text) props.onInput(text);
    } catch {
      setOpen(true); // WeChat's scanner is one way of three
    }
  };
  return (
    <>
      <Field
        label={props.label}
        hint={props.hint}
        most={40}
        value={props.value}
        wrong={wrongSerial(props.value)}
        onInput={(text) => props.onInput(text.toUpperCase())}
        side={
          <Button small kind="plain" onClick={() => void scan()}>
            扫码
          </Button>
        }
      />
      {open && (
        <Scanner
          onClose={() => setOpen(false)}
          onFound={(text) => {
            props.onInput(text);
            setOpen(false);
          }}
        />
      )}
    </>
  );
}

function Scanner(props: { onFound: (text: string) => void; onClose: () => void }) {
  const video = useRef<HTMLVideoElement>(null);
  const [words, setWords] = useState("正在打开相机…");
  useEffect(() => {
    let over = false;
    let stream: MediaStream | null = null;
    const watch = async () => {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment", width: { ideal: 1280 } } });
      if (over || !video.current) return stop();
      video.current.srcObject = stream;
      await video.current.play();
      setWords("把条码放进框里");
      const read = await reader();
      while (!over) {
        const text = await read(frame(video.current));
        if (text) return props.onFound(text);
        await new Promise((later) => setTimeout(later, EVERY_MS));
      }
    };
    const stop = () => stream?.getTracks().forEach((track) => track.stop());
    watch().catch(() => over || setWords("相机打不开。可以拍一张条码的照片，或者手工输入"));
    return () => {
      over = true;
      stop();
    };
  }, []);
  const fromPicture = async (file: File | undefined) => {
    if (!file) return;
    setWords("正在识别…");
    try {
      const text = await (await reader())(file);
      if (text) return props.onFound(text);
      setWords("照片里没有读出条码，请靠近再拍，或手工输入");
    } catch {
      say("识别程序没有加载成功，请手工输入");
      props.onClose();
    }
  };
  return (
    <div class="scanner" role="dialog" aria-modal="true" aria-label="扫码">
      <video ref={video} playsInline muted />
      <div class="frame" aria-hidden="true" />
      <div class="foot">
        <p role="status">{words}</p>
        <label class="button plain holds-file">
          拍条码照片
          <input class="file" type="file" accept="image/*" capture="environment" onChange={(event) => void fromPicture(event.currentTarget.files?.[0])} />
        </label>
        <Button kind="plain" onClick={props.onClose}>
          手工输入
        </Button>
      </div>
    </div>
  );
}

function frame(video: HTMLVideoElement): ImageData {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [video.videoWidth || 1, video.videoHeight || 1];
  const context = canvas.getContext("2d", { willReadFrequently: true }) as CanvasRenderingContext2D;
  context.drawImage(video, 0, 0);
  return context.getImageData(0, 0, canvas.width, canvas.height);
}
