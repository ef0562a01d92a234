/** The Bot API's methods that a bot like ours calls, spelt as in Telegram's manual. */

export const METHODS = [
  "sendMessage", "answerCallbackQuery", "editMessageText", "editMessageReplyMarkup", "deleteMessage", "deleteMessages",
  "sendVoice", "sendPhoto", "sendVideo", "sendDocument", "sendMediaGroup", "copyMessage", "sendChatAction",
  "getUpdates", "getFile", "getMe", "setMyCommands", "setChatMenuButton", "setWebhook", "deleteWebhook", "getWebhookInfo",
];

/** The simulator tells names in small letters; an unknown one stays as told. */
export function methodName(told) {
  return METHODS.find((method) => method.toLowerCase() === told) ?? told;
}
