/** The emoji that are offered, by the names one types after a colon. The system's own keyboard has all others. */

const NAMED =
  "👍 thumbs up yes|👎 thumbs down no|❤️ heart love|😂 joy laugh|🎉 tada party celebrate|😮 wow surprised|😢 sad cry|🙏 thanks pray please|👀 eyes looking|✅ check done|❌ cross no|🚀 rocket ship|🔥 fire|👏 clap applause|💯 hundred|🤔 thinking|😄 smile happy|😊 blush|😉 wink|😍 heart eyes|😎 cool sunglasses|🙂 slight smile|😅 sweat smile|🤣 rofl|😇 angel|🥳 partying|😴 sleeping|😬 grimace|🙄 roll eyes|😡 angry|😱 scream|🤯 mind blown|🤷 shrug|🤦 facepalm|🙌 raised hands|👋 wave hello|🤝 handshake deal|💪 muscle strong|✌️ victory|🤞 fingers crossed|👌 ok|🫶 heart hands|☝️ point up|👉 point right|👈 point left|🧠 brain|🐛 bug|🐎 horse|🐱 cat|🐶 dog|🦄 unicorn|🌱 seedling|🌍 earth|☀️ sun|🌧️ rain|❄️ snow|⭐ star|✨ sparkles|⚡ zap lightning|💡 idea bulb|🔔 bell|📌 pin|📎 paperclip|📅 calendar|📈 chart up|📉 chart down|📦 package|📬 mailbox|✉️ envelope mail|📝 memo note|📣 megaphone|🔍 search|🔒 lock|🔑 key|🔧 wrench|⚙️ gear|🧪 test tube|🏁 finish|🏆 trophy|🎯 target|🎁 gift|🎂 cake birthday|☕ coffee|🍵 tea|🍺 beer|🍕 pizza|🍎 apple|⏰ alarm|⏳ hourglass|⚠️ warning|🚨 alert siren|🛑 stop|❓ question|❗ exclamation|➕ plus|🆗 ok button|🟢 green|🟡 yellow|🔴 red|⬆️ up|⬇️ down|💬 speech|💸 money|🧹 broom cleanup|🚧 construction|🏠 home|✈️ plane|🚆 train|🎶 music";

export type Emoji = { sign: string; name: string };

export const EMOJI: readonly Emoji[] = NAMED.split("|").map((one) => {
  const at = one.indexOf(" ");
  return { sign: one.slice(0, at), name: one.slice(at + 1) };
});

export const QUICK = EMOJI.slice(0, 6).map((one) => one.sign);

export function emojiFor(typed: string, most = 8): Emoji[] {
  const wanted = typed.toLowerCase().replaceAll("_", " ");
  const starts = EMOJI.filter((one) => one.name.startsWith(wanted));
  const inside = EMOJI.filter(
    (one) => !starts.includes(one) && one.name.split(" ").some((word) => word.startsWith(wanted)),
  );
  return [...starts, ...inside].slice(0, most);
}
